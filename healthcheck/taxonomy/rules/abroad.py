"""What gateways and clients of other tongues say; Chinese stands with the rules of its kind."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rule import Rule

# In each: Japanese, Korean, Russian, German, French, Spanish, Portuguese, Italian.
ABROAD = (
    Rule(
        "abroad-auth",
        ErrorKind.AUTH,
        r"キー.{0,10}(?:無効|間違|期限|失効|ありません)|認証(?:に失敗|エラー)|権限がありません"
        r"|키.{0,12}(?:유효하지|잘못|만료)|인증.{0,8}(?:실패|오류)|권한이 없"
        r"|(?:ключ|токен)\w* .{0,20}(?:недейств|невер|просроч|истек)|доступ запрещ"
        r"|(?:невер|недейств)\w* (?:\w+[ -])?(?:ключ|токен)"
        r"|(?:schlüssel|token) .{0,20}(?:ungültig|abgelaufen|fehlt)|zugriff verweigert"
        r"|ungültiger (?:\w+-)?(?:schlüssel|token)|nicht (?:autorisiert|berechtigt|angemeldet)"
        r"|clé (?:d')?api .{0,20}(?:invalide|expir|manqu|incorrect)|accès (?:refusé|interdit)"
        r"|authentification (?:échou|requise)"
        r"|(?:clave|chave|chiave) .{0,24}(?:inválid|no es válid|non valid|incorret|incorrect"
        r"|caducad|expirad|scadut)|(?:acceso|acesso|accesso) (?:denegado|negado|negato)"
        r"|(?:no|não|non) (?:autorizado|autorizzato)",
        "speaks of a bad key or a lacking permission",
        "Chiave API non valida",
    ),
    Rule(
        "abroad-billing",
        ErrorKind.BILLING,
        r"残高|クレジットが(?:不足|ありません)|支払い|잔액|크레딧.{0,6}(?:부족|소진)|결제"
        r"|недостаточно средств|на балансе|оплат"
        r"|guthaben|kontostand|zahlung|crédits? (?:insuffisant|épuisé)|paiement|solde insuffisant"
        r"|saldo (?:insuficiente|insufficiente|agotado|esgotado|esaurito)"
        r"|créditos? (?:insuficiente|agotado|esgotado)|crediti? (?:insufficient|esaurit)"
        r"|pagamento|método de pago|facturaci[óo]n|fatturazione",
        "speaks of money",
        "Guthaben aufgebraucht. Bitte laden Sie Ihr Konto auf.",
    ),
    Rule(
        "abroad-timeout",
        ErrorKind.TIMEOUT,
        r"タイムアウト|時間切れ|시간 ?초과|타임아웃|тайм-?аут|врем\w+ ожидания|превышено время"
        r"|zeitüberschreitung|zeitlimit|délai .{0,20}(?:dépassé|expiré|écoulé)|temps d'attente"
        r"|tiempo (?:de espera|agotado|límite)|tempo (?:limite|esgotado|di attesa|scaduto)",
        "speaks of the time that ran out",
        "El tiempo de espera se ha agotado",
    ),
    Rule(
        "abroad-rate",
        ErrorKind.RATE_LIMIT,
        r"リクエスト.{0,6}多すぎ|(?:レート|利用)制限|上限に達|요청.{0,8}(?:너무 많|초과)|속도 제한"
        r"|превышен\w* .{0,12}(?:лимит|квот|частот)|слишком много запросов"
        r"|zu viele (?:anfragen|anforderungen)|limit .{0,12}(?:überschritten|erreicht)"
        r"|trop de requêtes|limite de (?:débit|requêtes|taux)|quota dépassé"
        r"|demasiadas (?:solicitudes|peticiones)|muitas (?:solicitações|requisições)"
        r"|límite de (?:solicitudes|peticiones|velocidad|frecuencia|uso)"
        r"|limite (?:de (?:requisições|taxa|uso)|di (?:richieste|velocità))|troppe richieste",
        "speaks of too many requests",
        "Слишком много запросов, попробуйте позже",
    ),
    Rule(
        "abroad-model",
        ErrorKind.HARD_MODEL,
        r"モデル.{0,40}(?:存在しません|見つかりません|廃止|利用できません)"
        r"|모델.{0,40}(?:찾을 수 없|존재하지|종료|사용할 수 없)"
        r"|модел\w* .{0,40}(?:не найден|не существует|недоступн|устарел)"
        r"|modell .{0,60}(?:nicht (?:gefunden|verfügbar|vorhanden)|existiert nicht|eingestellt)"
        r"|modèle .{0,60}(?:introuvable|n'existe|n'est plus|pas disponible|retiré|supprimé)"
        r"|modelo .{0,60}(?:no (?:existe|encontrado|disponible|está disponible|se encontró)"
        r"|não (?:existe|encontrado|disponível|foi encontrado)|retirado|descontinuado)"
        r"|modello .{0,60}(?:non (?:esiste|trovato|disponibile)|ritirato|dismesso)",
        "says that the model is not there",
        "Das Modell 'gpt-4-32k' wurde nicht gefunden",
    ),
    Rule(
        "abroad-request",
        ErrorKind.HARD_CAPABILITY,
        r"サポートされていません|対応していません|無効なパラメータ|지원(?:되지|하지) 않|不支援"
        r"|не поддержива|неверный параметр|nicht unterstützt|ungültiger parameter"
        r"|pas (?:pris en charge|supporté)|paramètre .{0,24}(?:invalide|inconnu)"
        r"|no (?:es compatible|está soportad|se admite|admite|soporta)|não (?:é )?(?:suporta"
        r"|compatível)|non (?:supporta|è supportat)|parámetro .{0,24}(?:inválid|no válid)"
        r"|parâmetro .{0,24}inválid|parametro .{0,24}non valid",
        "says that the request does not fit",
        "El parámetro 'temperature' no es compatible con este modelo",
    ),
    Rule(
        "abroad-provider",
        ErrorKind.TRANSIENT_PROVIDER,
        r"サーバー.{0,3}(?:混雑|エラー|過負荷)|内部.{0,4}エラー|一時的に利用|メンテナンス"
        r"|서버.{0,8}(?:오류|과부하)|일시적|점검 중|ошибка сервера|серверная ошибка"
        r"|сервис .{0,12}недоступ|überlastet|interner (?:server)?fehler|vorübergehend nicht"
        r"|surchargé|erreur interne|temporairement indisponible|sobrecargad|error interno"
        r"|erro interno|(?:temporalmente|temporariamente|temporaneamente) (?:no|fuera|indispon|non)"
        r"|sovraccaric|errore interno",
        "says that the provider failed",
        "Le service est temporairement indisponible",
    ),
    Rule(
        "abroad-network",
        ErrorKind.NETWORK,
        r"接続.{0,3}(?:拒否|失敗|切断|でき)|ネットワーク|연결.{0,8}(?:거부|실패|끊)|네트워크"
        r"|соединени\w* .{0,20}(?:разорван|отклон|закрыт|сброш)|не удалось подключ"
        r"|verbindung .{0,30}(?:abgelehnt|verweigert|getrennt|geschlossen|zurückgesetzt"
        r"|fehlgeschlagen|abgebrochen|unterbrochen|verloren)|keine verbindung|netzwerkfehler"
        r"|connexion .{0,24}(?:refusée|perdue|interrompue|fermée|échou)|erreur réseau"
        r"|conexión .{0,24}(?:rechazad|perdid|cerrad|interrumpid|restablecid)|error de (?:red\b"
        r"|conexi)|conexão .{0,24}(?:recusad|perdid|fechad|encerrad)|erro de (?:rede\b|conex)"
        r"|connessione .{0,24}(?:rifiutat|interrott|chius|pers)|errore di rete",
        "says that the connection failed",
        "Die Verbindung wurde vom Remotehost geschlossen",
    ),
)
