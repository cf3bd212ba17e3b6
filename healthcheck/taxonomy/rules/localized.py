"""What gateways and clients say in Chinese and in European languages."""

from healthcheck.taxonomy.evidence import FOREIGN
from healthcheck.taxonomy.kinds import ErrorKind
from healthcheck.taxonomy.rules.rule import Rule

_WORDS = {
    ErrorKind.BILLING: "余额|欠费|额度|充值|配额不足|残高|guthaben",
    ErrorKind.AUTH: (
        "(?:令牌|密钥|凭证|身份|签名).{0,12}(?:无效|过期|错误|不正确|不存在|失败)|无效的(?:令牌|密钥)|未授权|鉴权|认证失败|无权|权限"
        "|キー.{0,10}(?:無効|期限)|clé .{0,20}(?:invalide|expir|incorrect)|(?:clave|chave|chiave)"
        " .{0,24}(?:inválid|no es válid|non valid|incorret|incorrect)"
    ),
    ErrorKind.HARD_MODEL: (
        "模型.{0,40}(?:不存在|已(?:停用|停止|退役|下架))|不存在的?模型|不支持的?模型|已下线|已弃用|(?:无|没有|暂无)可?用?的?渠道|modell"
        " .{0,60}(?:nicht (?:gefunden|verfügbar)|existiert nicht)"
    ),
    ErrorKind.HARD_CAPABILITY: (
        "不支持|不支援|参数.{0,20}(?:错误|无效|不合法|不正确|有误)|слишком длинный"
        "|no (?:es compatible|se admite|admite|soporta)"
    ),
    ErrorKind.TRANSIENT_PROVIDER: (
        "过载|容量.{0,4}(?:上限|不足|已满)|负载(?:已|过|较)|饱和|繁忙|挤爆|访问量过|服务(?:暂时)?不可用|серверная ошибка"
        "|сервис .{0,12}недоступ|temporairement indisponible"
    ),
    ErrorKind.RATE_LIMIT: (
        r"限流|频率|速率限制|请求过多|过于频繁|并发.{0,4}(?:超|过|限)|превышен\w* .{0,12}(?:лимит|квот|частот)|слишком"
        " много запросов|リクエスト.{0,6}多すぎ|límite de (?:solicitudes|peticiones|velocidad|uso)"
    ),
    ErrorKind.TIMEOUT: "超时|タイムアウト|тайм-?аут|tiempo de espera",
    ErrorKind.NETWORK: (
        r"网络|连接(?:失败(?! ?[1-5]\d\d)|中断|被)|响应中断|强迫关闭|接続.{0,3}(?:拒否|失敗)"
        "|verbindung .{0,30}(?:abgelehnt|verweigert|getrennt|geschlossen|fehlgeschlagen|abgebrochen)"
    ),
}
# What tells these languages where no letter does.
_ABOUT = (
    f"{FOREIGN}|guthaben|clave |chave |chiave |modell |no es |no se |no admite|no soporta"
    "|temporairement|tiempo|verbindung"
)
LOCALIZED = tuple(
    Rule(f"localized-{kind}".replace("_", "-"), "said in another language", kind, "", _ABOUT, says)
    for kind, says in _WORDS.items()
)
