"""What gateways and clients say in Chinese and in European languages."""

from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

LOCALIZED: tuple[Rule, ...] = (
    Rule(
        "localized-billing",
        ErrorKind.BILLING,
        "speaks of money",
        says=r"余额|欠费|额度|充值|配额不足|残高|guthaben|solde|saldo|crédit|paiement|средств|баланс|оплат",
    ),
    Rule(
        "localized-auth",
        ErrorKind.AUTH,
        "speaks of a bad key or a lacking permission",
        says=r"(?:令牌|密钥|凭证|身份|签名).{0,12}(?:无效|过期|错误|不正确|不存在|失败)|无效的(?:令牌|密钥)|未授权|鉴权|认证失败"
        r"|无权|权限|キー.{0,10}(?:無効|期限)|(?:ключ|токен)\w* .{0,20}(?:недейств|невер|истек)"
        r"|schlüssel .{0,20}ungültig|clé .{0,20}(?:invalide|expir|incorrect)"
        r"|(?:clave|chave|chiave) .{0,24}(?:inválid|no es válid|non valid|incorret|incorrect)",
    ),
    Rule(
        "localized-hard-model",
        ErrorKind.HARD_MODEL,
        "says that the model is not there",
        says=r"模型.{0,40}(?:不存在|已(?:停用|停止|退役|下架))|不存在的?模型|不支持的?模型|已下线|已弃用|(?:无|没有|暂无)可?用?的?渠道"
        r"|модел\w* .{0,40}(?:не найден|не существует|недоступн)"
        r"|modell .{0,60}(?:nicht (?:gefunden|verfügbar)|existiert nicht)"
        r"|modèle .{0,60}(?:introuvable|n'existe|n'est plus|pas disponible)"
        r"|model[lo]o? .{0,60}(?:no existe|no encontrado|não (?:existe|encontrado)|non (?:esiste|trovato))",
    ),
    Rule(
        "localized-hard-capability",
        ErrorKind.HARD_CAPABILITY,
        "says that the request does not fit",
        says=r"不支持|不支援|参数.{0,20}(?:错误|无效|不合法|不正确|有误)|не поддержива|слишком длинный|nicht unterstützt"
        r"|pas (?:pris en charge|supporté)|no (?:es compatible|se admite|admite|soporta)|não suporta",
    ),
    Rule(
        "localized-unknown",
        ErrorKind.UNKNOWN,
        "a filter stopped prompt or answer",
        says=r"敏感|违规|内容(?:审核|安全)|不安全",
    ),
    Rule(
        "localized-transient-provider",
        ErrorKind.TRANSIENT_PROVIDER,
        "says that the provider failed",
        says=r"过载|负载(?:已|过|较)|饱和|繁忙|挤爆|访问量过|服务(?:暂时)?不可用|серверная ошибка|ошибка сервера"
        r"|сервис .{0,12}недоступ|überlastet|surchargé|temporairement indisponible|sobrecargad",
    ),
    Rule(
        "localized-rate-limit",
        ErrorKind.RATE_LIMIT,
        "speaks of too many requests",
        says=r"限流|频率|速率限制|请求过多|过于频繁|并发.{0,4}(?:超|过|限)|превышен\w* .{0,12}(?:лимит|квот|частот)"
        r"|слишком много запросов|リクエスト.{0,6}多すぎ|zu viele anfragen|trop de requêtes"
        r"|(?:demasiadas|muitas) |límite de (?:solicitudes|peticiones|velocidad|uso)",
    ),
    Rule(
        "localized-timeout",
        ErrorKind.TIMEOUT,
        "speaks of the time that ran out",
        says=r"超时|タイムアウト|тайм-?аут|врем\w+ ожидания|zeitüberschreitung|délai .{0,20}dépassé|tiempo de espera",
    ),
    Rule(
        "localized-network",
        ErrorKind.NETWORK,
        "says that the connection failed",
        says=r"网络|连接(?:失败|中断|被)|响应中断|强迫关闭|接続.{0,3}(?:拒否|失敗)|соединени\w* .{0,20}(?:разорван|отклон|закрыт)"
        r"|verbindung .{0,30}(?:abgelehnt|verweigert|getrennt|geschlossen|fehlgeschlagen|abgebrochen)"
        r"|connexion .{0,24}(?:refusée|perdue|fermée)|conexión .{0,24}(?:rechazad|perdid|cerrad)",
    ),
)
