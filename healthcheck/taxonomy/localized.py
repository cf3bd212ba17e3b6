"""What gateways and clients say in East Asian and in European languages."""

from healthcheck.taxonomy.kinds import ErrorKind

WORDS = {
    ErrorKind.BILLING: (
        "余额|欠费|额度|充值|配额不足|残高|クレジット.{0,6}不足|잔액|크레딧.{0,6}부족|недостаточно средств|пополните"
        "|guthaben|saldo .{0,12}insufici|solde .{0,12}insuffisant"
    ),
    ErrorKind.AUTH: (
        "(?:令牌|密钥|凭证|身份|签名).{0,12}(?:无效|过期|错误|不正确|不存在|失败)|无效的(?:令牌|密钥)|未授权|鉴权|认证失败|无权|权限|白名单|允许访问的列表"
        "|キー.{0,10}(?:無効|期限|拒否|正しく)|認証.{0,4}(?:失敗|エラー)|키.{0,6}(?:유효하지|만료|거부|잘못)|인증.{0,6}(?:실패|오류)"
        r"|(?:неверн|недействительн|неправильн)\w* .{0,16}(?:ключ|токен)|ключ .{0,20}(?:недействит|ист[её]к)|доступ запрещ"
        "|clé .{0,20}(?:invalide|expir|incorrect)|(?:clave|chave|chiave)"
        " .{0,24}(?:inválid|no es válid|non valid|incorret|incorrect)|schlüssel .{0,20}(?:ungültig|abgelaufen|nicht gesetzt|fehlt|einricht|hinterleg)"
        "|ungültiger .{0,10}schlüssel|acceso denegado|acesso negado|accès (?:refusé|interdit)"
    ),
    ErrorKind.HARD_MODEL: (
        "模型.{0,40}(?:不存在|已(?:停用|停止|退役|下架))|不存在的?模型|不支持的?模型|已下线|已弃用|(?:无|没有|暂无)可?用?的?渠道"
        "|モデル.{0,40}(?:見つかりません|存在しません|廃止)|모델.{0,40}(?:찾을 수 없|존재하지)|модель .{0,60}(?:не найден|не существ)"
        "|modell .{0,60}(?:nicht (?:gefunden|verfügbar)|existiert nicht)|modelo .{0,60}(?:no|não) (?:existe|encontrado"
        "|(?:fue|foi) encontrado|está disp)|modèle .{0,60}(?:introuvable|n'existe pas)|modello .{0,60}non (?:trovato|esiste)"
    ),
    ErrorKind.HARD_CAPABILITY: (
        "不支持|不支援|参数.{0,20}(?:错误|无效|不合法|不正确|有误)|サポートされて|対応して(?:い|お)|長すぎ|지원하지 않|지원되지 않|너무 깁|слишком длинн"
        "|не поддержива|no (?:es compatible|se admite|admite|soporta)|pris en charge|nicht unterstützt"
    ),
    ErrorKind.TRANSIENT_PROVIDER: (
        "过载|容量.{0,4}(?:上限|不足|已满)|负载(?:已|过|较)|饱和|繁忙|挤爆|访问量过|服务(?:暂时)?不可用|過負荷|混雑|과부하|перегруж"
        "|серверная ошибка|ошибка сервера|сервис .{0,12}недоступ|temporairement indisponible|sobrecargad|surchargé|überlastet"
        "|error interno del servidor|temporalmente no disponible"
    ),
    ErrorKind.RATE_LIMIT: (
        r"限流|频率|速率限制|请求过多|过于频繁|并发.{0,4}(?:超|过|限)|リクエスト.{0,6}多すぎ|レート制限|요청.{0,4}너무 많|너무 많은 요청"
        r"|한도.{0,6}(?:초과|도달)|превышен\w* .{0,12}(?:лимит|квот|частот)|слишком много запросов"
        "|límite de (?:solicitudes|peticiones|velocidad|uso|cuota|tasa)|limite de (?:requisições|taxa|uso|cota)"
        "|demasiadas (?:solicitudes|peticiones)|limite de (?:requêtes|débit)|trop de requêtes|zu viele anfragen"
    ),
    ErrorKind.TIMEOUT: (
        "超时|タイムアウト|시간.{0,4}초과|тайм-?аут|врем(?:я|ени) ожидания|tiempo de espera|tempo (?:limite|esgotado|scaduto)"
        "|tardó demasiado|délai .{0,20}(?:dépass|expir)|zeitüberschreitung"
    ),
    ErrorKind.NETWORK: (
        # "Please check the network" stands behind whatever failed.
        r"(?<!检查)(?<!检查您的)(?<!检查你的)网络|连接(?:失败(?! ?[1-5]\d\d)|中断|被)|响应中断|强迫关闭"
        "|接続.{0,3}(?:拒否|失敗|でき)|ネットワーク|네트워크|연결.{0,6}(?:실패|거부|끊)"
        "|сетевая ошибка|нет (?:подключения|соединения)|не удалось (?:подключиться|соединиться)"
        "|соединение .{0,12}(?:прерва|разорва|сброш)"
        "|(?:error|erro) de (?:conexión|conexão|red|rede)|no se pudo conectar|erreur (?:réseau|de connexion)"
        "|verbindung .{0,30}(?:abgelehnt|verweigert|getrennt|geschlossen|fehlgeschlagen|abgebrochen)"
    ),
}
