#include "gates/secrets_scan.h"

/*
 * The shipped rules: formats that vendors publish, so that whoever holds such
 * a text holds a credential.  Patterns are PCRE2, with regard to case; a
 * keyword is a part that every credential of the format has, as rare as can be.
 */
#define KEYS(...) ((const char *const[]){ __VA_ARGS__, NULL })
#define BEGIN "(?<![A-Za-z0-9])"
#define END "(?![A-Za-z0-9])"
#define UUID "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
/* Between a name and what it is given: `name = "`, `"name": "`, `name=`. */
#define IS "[\"'\\]]{0,2}\\s{0,4}(?::=|=>|=|:|,)?\\s{0,4}[\"'`]?"
/* Between the first line of a key and its data: line ends and what source code
 * puts around them, headers such as `Proc-Type: 4,ENCRYPTED`. */
#define GAP                                                                    \
	"(?:\\\\[nr]|[\\s\"'+,;>#*/|\\\\&-]|"                                  \
	"[A-Za-z][A-Za-z-]{2,24}: [^\\n\\\\]{0,100}(?:\\n|\\\\n))*+"
#define BODY "([A-Za-z0-9+/]{24,})"
#define RULE(name, keys, match)                                                \
	{                                                                      \
		name, keys, match, 0, 25                                       \
	}
#define KEY_FILE(name, keys, match)                                            \
	{                                                                      \
		name, keys, match, RULE_LINES, 30                              \
	}

const struct secret_rule secret_rules[] = {
	/* clouds */
	RULE("aws-access-key-id", KEYS("akia", "asia", "abia", "acca"),
	    BEGIN "A(?:KIA|SIA|BIA|CCA)[A-Z0-9]{16}" END),
	{ "aws-secret-access-key",
	    KEYS("secret_access_key", "secretaccesskey", "secret-access-key",
		"secret_key", "aws_secret", "awssecret", "secretkey"),
	    "(?i)(?:secret[_-]?access[_-]?key|aws[_-]?secret(?:[_-]?key)?|"
	    "secret[_-]?key)" IS "([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
	    0, 38 },
	{ "aws-session-token",
	    KEYS("session_token", "sessiontoken", "session-token"),
	    "(?i)session[_-]?token" IS "([A-Za-z0-9/+]{100,1000}={0,2})", 0,
	    40 },
	RULE("aws-mws-key", KEYS("amzn.mws."), "amzn\\.mws\\." UUID),
	RULE("aws-bedrock-api-key", KEYS("absk"),
	    BEGIN "ABSK[A-Za-z0-9+/]{100,270}={0,2}"),
	RULE("google-api-key", KEYS("aiza"),
	    BEGIN "AIza[A-Za-z0-9_-]{35}(?![A-Za-z0-9_-])"),
	RULE("google-oauth-client-secret", KEYS("gocspx-"),
	    "GOCSPX-[A-Za-z0-9_-]{28}"),
	RULE("google-oauth-token", KEYS("ya29."),
	    BEGIN "ya29\\.[A-Za-z0-9_-]{20,}"),
	RULE("google-oauth-refresh-token", KEYS("1//0"),
	    BEGIN "1//0[A-Za-z0-9_-]{40,}"),
	RULE("google-fcm-server-key", KEYS(":apa91b"),
	    BEGIN "AAAA[A-Za-z0-9_-]{7}:APA91b[A-Za-z0-9_-]{100,}"),
	RULE("azure-storage-key", KEYS("accountkey", "account_key"),
	    "(?i)account_?key" IS "([A-Za-z0-9+/]{86}==)"),
	RULE("azure-client-secret", KEYS("q~"),
	    BEGIN "[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{31,34}"),
	RULE("azure-shared-access-key", KEYS("sharedaccesskey"),
	    "(?i)sharedaccesskey" IS "([A-Za-z0-9+/]{43}=)"),
	RULE("azure-sas-token", KEYS("sig="),
	    "[?&;\"'\\s]sig=([A-Za-z0-9%/+]{40,100}(?:%3[Dd]|=))"),
	RULE("azure-devops-token", KEYS("azdo"),
	    BEGIN "[A-Za-z0-9]{60,80}AZDO[A-Za-z0-9]{4}" END),
	RULE("digitalocean-token", KEYS("dop_v1_", "doo_v1_", "dor_v1_"),
	    "do[opr]_v1_[0-9a-f]{64}"),
	RULE("alibaba-access-key-id", KEYS("ltai"),
	    BEGIN "LTAI[A-Za-z0-9]{16,20}" END),
	RULE(
	    "tencent-secret-id", KEYS("akid"), BEGIN "AKID[A-Za-z0-9]{32}" END),
	RULE("yandex-api-key", KEYS("aqvn"), BEGIN "AQVN[A-Za-z0-9_-]{35,38}"),
	RULE("scaleway-access-key", KEYS("scw"), BEGIN "SCW[A-Z0-9]{17}" END),
	RULE("heroku-api-key", KEYS("hrku-", "heroku"),
	    "HRKU-[A-Za-z0-9_-]{36,}|(?i)heroku[A-Za-z0-9_ .-]{0,20}" IS
	    "(" UUID ")"),
	RULE("cloudflare-origin-ca-key", KEYS("v1.0-"),
	    BEGIN "v1\\.0-[0-9a-f]{24}-[0-9a-f]{146}"),
	RULE("cloudflare-api-token", KEYS("cloudflare", "cf_api"),
	    "(?i)(?:cloudflare|cf_api)[A-Za-z0-9_ .-]{0,30}" IS
	    "((?=[A-Za-z_-]*[0-9])[A-Za-z0-9_-]{37,40})(?![A-Za-z0-9_-])"),
	RULE("fly-access-token", KEYS("fm1", "fm2_", "fo1_"),
	    BEGIN "(?:fm1[ar]?_|fm2_)[A-Za-z0-9+/=_-]{60,}|"
		  "fo1_[A-Za-z0-9_-]{43}"),
	RULE("terraform-cloud-token", KEYS(".atlasv1."),
	    BEGIN "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_=-]{60,}"),
	RULE("vault-token", KEYS("hvs.", "hvb.", "hvr."),
	    BEGIN "hv[sbr]\\.[A-Za-z0-9_-]{24,}"),
	RULE("databricks-token", KEYS("dapi"), BEGIN "dapi[0-9a-f]{32}" END),
	RULE("doppler-token",
	    KEYS("dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.",
		"dp.audit."),
	    BEGIN "dp\\.(?:pt|st|ct|sa|scim|audit)\\.(?:[a-z0-9_-]{2,35}\\.)?"
		  "[A-Za-z0-9]{40,44}"),
	RULE("pulumi-access-token", KEYS("pul-"), BEGIN "pul-[0-9a-f]{40}"),
	RULE("planetscale-token", KEYS("pscale_"),
	    "pscale_(?:pw|tkn|oauth)_[A-Za-z0-9_=.-]{32,}"),
	RULE("supabase-token", KEYS("sbp_", "sb_secret_"),
	    BEGIN "(?:sbp_[0-9a-f]{40}|sb_secret_[A-Za-z0-9_-]{22,})"),
	RULE("netlify-token", KEYS("nfp_"), BEGIN "nfp_[A-Za-z0-9]{36}"),
	RULE("tailscale-key", KEYS("tskey-"),
	    "tskey-[a-z]{2,12}-[A-Za-z0-9]{8,}(?:-[A-Za-z0-9]{16,})?"),

	/* forges and what builds there */
	RULE("github-token", KEYS("ghp_", "gho_", "ghu_", "ghs_", "ghr_"),
	    "gh[pousr]_[A-Za-z0-9]{36,}"),
	RULE("github-fine-grained-token", KEYS("github_pat_"),
	    "github_pat_[A-Za-z0-9_]{50,}"),
	RULE("gitlab-token",
	    KEYS("glpat-", "gldt-", "glrt-", "glft-", "glsoat-", "glimt-",
		"glagent-", "glcbt-", "glptt-", "gloas-", "glffct-"),
	    BEGIN "gl(?:pat|dt|rt|ft|soat|imt|agent|cbt|ptt|oas|ffct)-"
		  "[A-Za-z0-9_.-]{20,}"),
	RULE("gitlab-runner-registration-token", KEYS("gr1348941"),
	    "GR1348941[A-Za-z0-9_-]{20,}"),
	RULE("bitbucket-app-password", KEYS("atbb"),
	    BEGIN "ATBB[A-Za-z0-9]{32}" END),
	RULE("atlassian-token", KEYS("atatt3", "atctt3"),
	    "AT[AC]TT3[A-Za-z0-9_=-]{60,}"),
	RULE("circleci-token", KEYS("ccipat_"),
	    "CCIPAT_[A-Za-z0-9]{22}_"
	    "[0-9a-f]{40}"),
	RULE("buildkite-token", KEYS("bkua_", "bkat_"),
	    "bk[ua][at]_[0-9a-f]{40}"),
	RULE("sonar-token", KEYS("squ_", "sqp_", "sqa_"),
	    BEGIN "sq[upa]_[0-9a-f]{40}"),
	RULE("sentry-token", KEYS("sntrys_", "sntryu_"),
	    "sntry(?:s_[A-Za-z0-9+/=_-]{60,}|u_[0-9a-f]{64})"),
	RULE("linear-api-key", KEYS("lin_api_", "lin_oauth_"),
	    "lin_(?:api|oauth)_[A-Za-z0-9]{40,64}"),

	/* chat and mail */
	RULE("slack-token",
	    KEYS("xoxb-", "xoxp-", "xoxa-", "xoxr-", "xoxs-", "xoxo-", "xoxe-",
		"xoxc-", "xoxd-", "xoxe."),
	    BEGIN "xox(?:[abcdeoprs]|e\\.xox[bp])-[A-Za-z0-9%-]{10,}"),
	RULE("slack-app-token", KEYS("xapp-"),
	    "xapp-[0-9]-[A-Z0-9]+-[0-9]+-[A-Za-z0-9]{20,}"),
	RULE("slack-webhook", KEYS("hooks.slack.com"),
	    "hooks\\.slack\\.com/(?:services|workflows|triggers)/"
	    "([A-Za-z0-9+/_]{24,})"),
	RULE("discord-bot-token", KEYS("discord"),
	    "(?i)discord[^\\n]{0,60}?" BEGIN
	    "([MNO][A-Za-z0-9_-]{23,27}\\.[A-Za-z0-9_-]{6}\\."
	    "[A-Za-z0-9_-]{27,40})"),
	RULE("discord-webhook", KEYS("/api/webhooks/"),
	    "(?i)discord(?:app)?\\.com/api/webhooks/"
	    "([0-9]{17,20}/[A-Za-z0-9_-]{60,})"),
	RULE("telegram-bot-token", KEYS(":aa"),
	    BEGIN "[0-9]{8,10}:AA[A-Za-z0-9_-]{33}(?![A-Za-z0-9_-])"),
	RULE("microsoft-teams-webhook", KEYS(".webhook.office.com"),
	    "(?i)\\.webhook\\.office\\.com/webhookb2/"
	    "([0-9a-f@/-]{70,}IncomingWebhook/[0-9a-z/-]{60,})"),
	RULE("matrix-access-token", KEYS("syt_"),
	    BEGIN "syt_[A-Za-z0-9+/=]{2,60}_[A-Za-z0-9]{20}_[A-Za-z0-9]{6}"),
	RULE("sendgrid-api-key", KEYS("sg."),
	    BEGIN "SG\\.[A-Za-z0-9_-]{20,24}\\.[A-Za-z0-9_-]{39,50}"),
	RULE("mailgun-api-key", KEYS("key-"),
	    "(?<![A-Za-z0-9_-])key-[0-9a-f]{32}" END),
	RULE("mailchimp-api-key", KEYS("-us"),
	    BEGIN "[0-9a-f]{32}-us[0-9]{1,2}" END),
	RULE("brevo-api-key", KEYS("xkeysib-", "xsmtpsib-"),
	    "x(?:key|smtp)sib-[0-9a-f]{64}-[A-Za-z0-9]{16}"),
	RULE("twilio-api-key",
	    KEYS("sk0", "sk1", "sk2", "sk3", "sk4", "sk5", "sk6", "sk7", "sk8",
		"sk9", "ska", "skb", "skc", "skd", "ske", "skf"),
	    BEGIN "SK[0-9a-f]{32}" END),

	/* payment */
	RULE("stripe-key", KEYS("k_live_", "k_test_", "whsec_"),
	    BEGIN "(?:[sr]k_(?:live|test)_[A-Za-z0-9]{10,}|"
		  "whsec_[A-Za-z0-9+/]{32,})"),
	RULE("square-token", KEYS("sq0atp-", "sq0csp-", "eaaa"),
	    BEGIN "(?:sq0(?:atp|csp)-[A-Za-z0-9_-]{22,43}|"
		  "EAAA[A-Za-z0-9_-]{60})(?![A-Za-z0-9_+/=-])"),
	RULE("paypal-braintree-token", KEYS("access_token$"),
	    "access_token\\$(?:production|sandbox)\\$[0-9a-z]{16}\\$"
	    "[0-9a-f]{32}"),
	RULE("shopify-token", KEYS("shpat_", "shpca_", "shppa_", "shpss_"),
	    "shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}"),
	RULE("razorpay-key", KEYS("rzp_live_", "rzp_test_"),
	    "rzp_(?:live|test)_[A-Za-z0-9]{14,}"),
	RULE("plaid-access-token",
	    KEYS(
		"access-sandbox-", "access-development-", "access-production-"),
	    "access-(?:sandbox|development|production)-" UUID),
	RULE("flutterwave-secret-key", KEYS("flwseck"),
	    "FLWSECK(?:_TEST)?-[0-9A-Za-z]{12,40}-X"),

	/* package registries */
	RULE("npm-token", KEYS("npm_", "_authtoken"),
	    BEGIN "npm_[A-Za-z0-9]{36}" END
		  "|:_authToken\\s{0,4}=\\s{0,4}\"?([A-Za-z0-9_.-]{20,})"),
	RULE("pypi-token", KEYS("pypi-ag"), "pypi-Ag[A-Za-z0-9_-]{50,}"),
	RULE("rubygems-api-key", KEYS("rubygems_"), "rubygems_[0-9a-f]{48}"),
	RULE("crates-io-token", KEYS("cio"), BEGIN "cio[A-Za-z0-9]{32}" END),
	RULE("nuget-api-key", KEYS("oy2"), BEGIN "oy2[a-z0-9]{43}" END),
	RULE("docker-hub-token", KEYS("dckr_pat_", "dckr_oat_"),
	    "dckr_[po]at_[A-Za-z0-9_-]{27,}"),
	RULE("packagist-token", KEYS("packagist_"),
	    "packagist_[ou][ru]t_[0-9a-f]{60,}"),
	RULE("jfrog-token", KEYS("akcp", "cmvmdgtuoj"),
	    BEGIN "(?:AKCp[0-9][A-Za-z0-9]{60,}|cmVmdGtuOj[A-Za-z0-9]{50,})"),
	RULE("clojars-token", KEYS("clojars_"), "CLOJARS_[a-z0-9]{60}"),

	/* models */
	RULE("openai-api-key",
	    KEYS("t3blbkfj", "sk-proj-", "sk-svcacct-", "sk-admin-"),
	    BEGIN "sk-(?:(?:proj|svcacct|admin)-[A-Za-z0-9_-]{40,}|"
		  "[A-Za-z0-9_-]{16,}T3BlbkFJ[A-Za-z0-9_-]{16,})"),
	RULE("anthropic-api-key", KEYS("sk-ant-"),
	    BEGIN "sk-ant-[a-z]{3,8}[0-9]{2}-[A-Za-z0-9_-]{60,}"),
	RULE("huggingface-token", KEYS("hf_", "api_org_"),
	    BEGIN "(?:hf|api_org)_[A-Za-z]{34}" END),
	RULE("replicate-token", KEYS("r8_"), BEGIN "r8_[A-Za-z0-9]{37}" END),
	RULE("perplexity-api-key", KEYS("pplx-"), BEGIN "pplx-[A-Za-z0-9]{48}"),
	RULE("groq-api-key", KEYS("gsk_"), BEGIN "gsk_[A-Za-z0-9]{52}" END),
	RULE("xai-api-key", KEYS("xai-"), BEGIN "xai-[A-Za-z0-9]{80}" END),

	/* watching and designing */
	RULE("grafana-token", KEYS("glsa_", "glc_"),
	    BEGIN "(?:glsa_[A-Za-z0-9]{32}_[0-9A-Fa-f]{8}|"
		  "glc_[A-Za-z0-9+/]{32,}={0,2})"),
	RULE("newrelic-key", KEYS("nrak-", "nrii-", "nrjs-"),
	    BEGIN "(?:NRAK-[A-Z0-9]{27}|NRII-[A-Za-z0-9_-]{32}|"
		  "NRJS-[0-9a-f]{19})"),
	RULE("datadog-key", KEYS("datadog", "dd_api", "dd_app", "dd-api"),
	    "(?i)(?:datadog|dd[_-](?:api|app))[A-Za-z_ .-]{0,20}" IS
	    "([0-9a-f]{40}|[0-9a-f]{32})" END),
	RULE("dynatrace-token", KEYS("dt0c01.", "dt0s0"),
	    "dt0[cs]0[0-9]\\.[A-Z0-9]{24}\\.[A-Z0-9]{64}"),
	RULE(
	    "notion-token", KEYS("ntn_"), BEGIN "ntn_[0-9]{11}[A-Za-z0-9]{35}"),
	RULE("figma-token", KEYS("figd_"), BEGIN "figd_[A-Za-z0-9_-]{40,}"),
	RULE(
	    "postman-api-key", KEYS("pmak-"), "PMAK-[0-9a-f]{24}-[0-9a-f]{34}"),
	RULE("contentful-token", KEYS("cfpat-"), "CFPAT-[A-Za-z0-9_-]{43}"),
	RULE("mapbox-secret-token", KEYS("sk.eyj"),
	    BEGIN "sk\\.eyJ[A-Za-z0-9_-]{20,}\\.[A-Za-z0-9_-]{20,}"),
	RULE("onepassword-service-token", KEYS("ops_eyj"),
	    "ops_eyJ[A-Za-z0-9+/=_-]{100,}"),

	/* of no vendor */
	RULE("jwt", KEYS("eyj"),
	    BEGIN "eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}"
		  "\\.[A-Za-z0-9_-]{16,}"),
	{ "http-bearer-token", KEYS("bearer"),
	    "(?i)authorization" IS "bearer\\s{1,4}([A-Za-z0-9._~+/-]{20,}=*)",
	    0, 35 },
	{ "database-url-password",
	    KEYS("postgres", "mysql", "mariadb", "mongodb", "redis", "amqp",
		"sqlserver", "mssql", "cockroach", "clickhouse"),
	    "(?i)(?:postgres(?:ql)?|mysqlx?|mariadb|mongodb|rediss?|amqps?|"
	    "sqlserver|mssql|cockroach(?:db)?|clickhouse)(?:\\+[a-z0-9_]+)?"
	    "://[^\\s:/@\"'<>]{0,100}:([^\\s/@\"'<>]{3,200})@[^\\s\"'/@]",
	    RULE_URL, 15 },
	RULE("wireguard-private-key", KEYS("privatekey"),
	    "(?i)privatekey\\s{0,4}=\\s{0,4}([A-Za-z0-9+/]{43}=)"),
	RULE("age-secret-key", KEYS("age-secret-key-1"),
	    "AGE-SECRET-KEY-1[0-9A-Z]{58}"),
	KEY_FILE("pem-private-key", KEYS("private key-----"),
	    "-----BEGIN (?!OPENSSH )(?:[A-Z0-9]{1,20} ){0,4}PRIVATE "
	    "KEY-----" GAP BODY),
	KEY_FILE("openssh-private-key", KEYS("openssh private key-----"),
	    "-----BEGIN OPENSSH PRIVATE KEY-----" GAP BODY),
	KEY_FILE("ssh2-private-key", KEYS("private key ----"),
	    "---- BEGIN SSH2 (?:[A-Z]{1,20} )?PRIVATE KEY ----" GAP BODY),
	KEY_FILE("pgp-private-key", KEYS("private key block-----"),
	    "-----BEGIN PGP PRIVATE KEY BLOCK-----" GAP BODY),
	KEY_FILE("putty-private-key", KEYS("private-lines:"),
	    "Private-Lines: [0-9]{1,4}" GAP BODY),
	/* what YAML of a cluster holds: the same in Base64 */
	RULE("base64-private-key", KEYS("ls0tls1crudjti"),
	    "LS0tLS1CRUdJTi[A-Za-z0-9+/]{0,40}(?:UFJJVkFURSBLRVkt|"
	    "BSSVZBVEUgS0VZLS|QUklWQVRFIEtFWS0t)[A-Za-z0-9+/]{24,}"),
	{ "assigned-secret",
	    KEYS("password", "passwd", "passphrase", "pwd", "secret", "token",
		"apikey", "api_key", "api-key", "access_key", "auth_key",
		"private_key", "credential"),
	    "(?i)(?:password|passwd|passphrase|pwd|secret|token|api[_-]?key|"
	    "(?:access|auth|private)_key|credentials?)[A-Za-z0-9_.-]{0,30}"
	    "[\"'\\]]{0,2}(?|\\s{0,8}(?::=|=>|==?=?|:)\\s{0,8}(?|"
	    "[a-z]?\"([^\"\\s]{8,200})\"|[a-z]?'([^'\\s]{8,200})'|"
	    "`([^`\\s]{8,200})`|([^\\s\"'`;,(){}\\[\\]<>$\\\\]{8,200})\\s*$)|"
	    ">([^<\\s]{8,200})</)",
	    RULE_ASSIGNED, 25 },
};

const size_t secret_rules_n = sizeof(secret_rules) / sizeof(*secret_rules);
