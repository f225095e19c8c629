#include "gates/secrets.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "support/unit.h"

/*
 * Every shipped rule finds what it is for, wherever that stands; and what
 * documentation writes in place of a credential is none.
 *
 * No credential stands in this file, however it is read: each is put together
 * when the test runs.  In a template `|` is nothing, `^` a line end and {xN}
 * are N characters of the set x (sets[]), never the same twice.
 */
static const struct {
	char name;
	const char *letters;
} sets[] = {
	{ 'd', "0123456789" },
	{ 'h', "0123456789abcdef" },
	{ 'H', "0123456789ABCDEF" },
	{ 'l', "abcdefghijklmnopqrstuvwxyz" },
	{ 'L', "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz" },
	{ 'n', "0123456789abcdefghijklmnopqrstuvwxyz" },
	{ 'U', "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ" },
	{ 'A',
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
	    "abcdefghijklmnopqrstuvwxyz" },
	{ 'w',
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_"
	    "abcdefghijklmnopqrstuvwxyz" },
	{ 'b',
	    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ+/"
	    "abcdefghijklmnopqrstuvwxyz" },
};

static uint64_t random_state = 88172645463325252u;

static unsigned next_random(unsigned n)
{
	random_state ^= random_state << 13;
	random_state ^= random_state >> 7;
	random_state ^= random_state << 17;
	return (unsigned)((random_state >> 11) % n);
}

static void add_random(struct buf *buf, char set, unsigned n)
{
	const char *letters = NULL;

	for (int i = 0; i < COUNT(sets); i++)
		if (sets[i].name == set)
			letters = sets[i].letters;
	ck_assert_msg(letters != NULL, "no set {%c}", set);
	while (n-- > 0)
		buf_addc(buf, letters[next_random((unsigned)strlen(letters))]);
}

static const char *made(const char *template)
{
	struct buf buf;

	buf_init(&buf, &unit_arena, 100000);
	for (const char *p = template; *p; p++) {
		char *end;

		if (*p == '|')
			continue;
		if (*p == '^') {
			buf_addc(&buf, '\n');
		} else if (*p == '{' && p[1] == 'u' && p[2] == '}') {
			add_random(&buf, 'h', 8);
			for (int i = 0; i < 3; i++) {
				buf_addc(&buf, '-');
				add_random(&buf, 'h', 4);
			}
			buf_addc(&buf, '-');
			add_random(&buf, 'h', 12);
			p += 2;
		} else if (*p == '{' && p[1] && strchr("0123456789", p[2])) {
			add_random(
			    &buf, p[1], (unsigned)strtoul(p + 2, &end, 10));
			p = end;
		} else {
			buf_addc(&buf, *p);
		}
	}
	return buf.p;
}

#define PEM(kind)                                                              \
	"-----|BEGIN " kind "PRIVATE |KEY-----^{b64}^{b64}^{b20}==^"           \
	"-----|END " kind "PRIVATE |KEY-----"

static const struct {
	const char *rule, *template;
} positives[] = {
	{ "aws-access-key-id", "AK|IA{U16}" },
	{ "aws-access-key-id", "AS|IA{U16}" },
	{ "aws-secret-access-key", "aws_secret_access_key = {b40}" },
	{ "aws-secret-access-key", "SecretAccessKey: '{b40}'" },
	{ "aws-secret-access-key", "secretKey=\"{b40}\"" },
	{ "aws-session-token", "aws_session_token={b200}==" },
	{ "aws-mws-key", "am|zn.mws.{u}" },
	{ "aws-bedrock-api-key", "AB|SK{b120}=" },
	{ "google-api-key", "AI|za{w35}" },
	{ "google-oauth-client-secret", "GOC|SPX-{w28}" },
	{ "google-oauth-token", "ya|29.{w60}" },
	{ "google-oauth-refresh-token", "1/|/0{w60}" },
	{ "google-fcm-server-key", "AAAA{w7}:AP|A91b{w134}" },
	{ "azure-storage-key",
	    "DefaultEndpointsProtocol=https;AccountName=x;"
	    "AccountKey|={b86}==;EndpointSuffix=core.windows.net" },
	{ "azure-client-secret", "{A3}8Q|~{w34}" },
	{ "azure-shared-access-key",
	    "Endpoint=sb://x.servicebus.windows.net/;"
	    "SharedAccessKeyName=n;SharedAccess|Key={b43}=" },
	{ "azure-sas-token",
	    "https://x.blob.core.windows.net/c?sv=2022-11-02&si|g={A43}%3D" },
	{ "azure-devops-token", "{A52}JQQJ99{A18}AZ|DO{A4}" },
	{ "digitalocean-token", "do|p_v1_{h64}" },
	{ "digitalocean-token", "do|o_v1_{h64}" },
	{ "alibaba-access-key-id", "LT|AI{A20}" },
	{ "tencent-secret-id", "AK|ID{A32}" },
	{ "yandex-api-key", "AQ|VN{w36}" },
	{ "scaleway-access-key", "SC|W{U17}" },
	{ "heroku-api-key", "HEROKU_API_KEY={u}" },
	{ "heroku-api-key", "HR|KU-{w60}" },
	{ "cloudflare-origin-ca-key", "v1|.0-{h24}-{h146}" },
	{ "cloudflare-api-token", "CLOUDFLARE_API_TOKEN={A18}7{A21}" },
	{ "fly-access-token", "fm|2_{b90}" },
	{ "terraform-cloud-token", "{A14}.at|lasv1.{w67}" },
	{ "vault-token", "hv|s.{w90}" },
	{ "databricks-token", "da|pi{h32}" },
	{ "doppler-token", "dp|.pt.{A43}" },
	{ "doppler-token", "dp|.st.prd.{A43}" },
	{ "pulumi-access-token", "pu|l-{h40}" },
	{ "planetscale-token", "pscale|_tkn_{w43}" },
	{ "supabase-token", "sb|p_{h40}" },
	{ "netlify-token", "nf|p_{A36}" },
	{ "tailscale-key", "ts|key-auth-{A12}-{A32}" },
	{ "github-token", "gh|p_{A36}" },
	{ "github-token", "gh|o_{A36}" },
	{ "github-token", "gh|u_{A36}" },
	{ "github-token", "gh|s_{A36}" },
	{ "github-token", "https://x-access-token:gh|r_{A76}@github.com/a/b" },
	{ "github-fine-grained-token", "github|_pat_{A22}_{A59}" },
	{ "gitlab-token", "gl|pat-{w20}" },
	{ "gitlab-token", "gl|dt-{w20}" },
	{ "gitlab-runner-registration-token", "GR|1348941{w20}" },
	{ "bitbucket-app-password", "AT|BB{A32}" },
	{ "atlassian-token", "AT|ATT3{w180}" },
	{ "circleci-token", "CCI|PAT_{A22}_{h40}" },
	{ "buildkite-token", "bk|ua_{h40}" },
	{ "sonar-token", "sq|p_{h40}" },
	{ "sentry-token", "sn|trys_{b100}" },
	{ "sentry-token", "sn|tryu_{h64}" },
	{ "linear-api-key", "lin|_api_{A40}" },
	{ "slack-token", "xo|xb-{d12}-{d12}-{A24}" },
	{ "slack-token", "xo|xp-{d12}-{d12}-{d12}-{h32}" },
	{ "slack-app-token", "xa|pp-1-A{U10}-{d13}-{h64}" },
	{ "slack-webhook",
	    "https://hooks.sl|ack.com/services/T{U10}/B{U10}/{A24}" },
	{ "discord-bot-token", "DISCORD_TOK|EN = 'M{A25}.{w6}.{w38}'" },
	{ "discord-webhook", "https://disc|ord.com/api/webhooks/{d18}/{w68}" },
	{ "telegram-bot-token", "{d9}:|AA{w33}" },
	{ "microsoft-teams-webhook",
	    "https://x.webhook.|office.com/webhookb2/{u}@{u}/"
	    "IncomingWebhook/{h32}/{u}" },
	{ "matrix-access-token", "sy|t_{A12}_{A20}_{A6}" },
	{ "sendgrid-api-key", "S|G.{w22}.{w43}" },
	{ "mailgun-api-key", "ke|y-{h32}" },
	{ "mailchimp-api-key", "{h32}-|us12" },
	{ "brevo-api-key", "xkey|sib-{h64}-{A16}" },
	{ "twilio-api-key", "S|K{h32}" },
	{ "stripe-key", "sk|_live_{A24}" },
	{ "stripe-key", "rk|_test_{A99}" },
	{ "stripe-key", "wh|sec_{A32}" },
	{ "square-token", "sq|0atp-{w22}" },
	{ "square-token", "EA|AA{w60}" },
	{ "paypal-braintree-token", "access|_token$production${n16}${h32}" },
	{ "shopify-token", "sh|pat_{h32}" },
	{ "razorpay-key", "rz|p_live_{A14}" },
	{ "plaid-access-token", "access-|production-{u}" },
	{ "flutterwave-secret-key", "FLW|SECK-{n32}-X" },
	{ "npm-token", "np|m_{A36}" },
	{ "npm-token", "//registry.npmjs.org/:_auth|Token={u}" },
	{ "pypi-token", "py|pi-AgEIcHlwaS5vcmc{w100}" },
	{ "rubygems-api-key", "ruby|gems_{h48}" },
	{ "crates-io-token", "ci|o{A32}" },
	{ "nuget-api-key", "oy|2{n43}" },
	{ "docker-hub-token", "dckr|_pat_{w27}" },
	{ "packagist-token", "packagist|_uut_{h68}" },
	{ "packagist-token", "packagist|_ort_{h68}" },
	{ "jfrog-token", "AK|Cp8{A69}" },
	{ "clojars-token", "CLOJ|ARS_{n60}" },
	{ "openai-api-key", "s|k-proj-{w74}T3Blbk|FJ{w74}" },
	{ "openai-api-key", "s|k-{A20}T3Blbk|FJ{A20}" },
	{ "anthropic-api-key", "s|k-ant-api03-{w93}AA" },
	{ "huggingface-token", "h|f_{L34}" },
	{ "replicate-token", "r|8_{A37}" },
	{ "perplexity-api-key", "pp|lx-{A48}" },
	{ "groq-api-key", "gs|k_{A52}" },
	{ "xai-api-key", "xa|i-{A80}" },
	{ "grafana-token", "gl|sa_{A32}_{h8}" },
	{ "newrelic-key", "NR|AK-{U27}" },
	{ "datadog-key", "DD_API_KEY={h32}" },
	{ "dynatrace-token", "dt|0c01.{U24}.{U64}" },
	{ "notion-token", "nt|n_{d11}{A35}" },
	{ "figma-token", "fi|gd_{w40}" },
	{ "postman-api-key", "PM|AK-{h24}-{h34}" },
	{ "contentful-token", "CF|PAT-{w43}" },
	{ "mapbox-secret-token", "s|k.ey|J{A60}.{w22}" },
	{ "onepassword-service-token", "op|s_ey|J{b250}" },
	{ "jwt", "e|yJ{A30}.e|yJ{A60}.{w43}" },
	{ "http-bearer-token", "Authorization: Bearer {A40}" },
	{ "http-bearer-token", "\"authorization\": \"bearer {A40}\"" },
	{ "database-url-password", "post|gres://app:{A12}@db.internal:5432/x" },
	{ "database-url-password", "mysql+pymy|sql://root:{A9}@10.0.0.1/x" },
	{ "database-url-password", "mongodb+sr|v://me:{A16}@c0.mongodb.net/x" },
	{ "database-url-password", "red|is://:{A20}@cache:6379/0" },
	{ "wireguard-private-key", "Private|Key = {b43}=" },
	{ "age-secret-key", "AGE-SECRET|-KEY-1{U58}" },
	{ "pem-private-key", PEM("") },
	{ "pem-private-key", PEM("RSA ") },
	{ "pem-private-key", PEM("DSA ") },
	{ "pem-private-key", PEM("EC ") },
	{ "pem-private-key", PEM("ENCRYPTED ") },
	{ "pem-private-key",
	    "-----|BEGIN RSA PRIVATE |KEY-----^Proc-Type: 4,ENCRYPTED^"
	    "DEK-Info: AES-128-CBC,{H32}^^{b64}^{b64}^" },
	{ "pem-private-key",
	    "\"private_key\": \"-----|BEGIN PRIVATE "
	    "|KEY-----\\n{b64}\\n{b64}\\n" },
	{ "pem-private-key",
	    "    \"-----|BEGIN EC PRIVATE |KEY-----\\n\"^    \"{b64}\\n\"^" },
	{ "pem-private-key", "# -----|BEGIN PRIVATE |KEY-----^# {b64}^" },
	{ "openssh-private-key", PEM("OPENSSH ") },
	{ "ssh2-private-key",
	    "---- |BEGIN SSH2 ENCRYPTED PRIVATE |KEY ----^"
	    "Comment: \"rsa-key\"^{b70}^{b70}^" },
	{ "pgp-private-key",
	    "-----|BEGIN PGP PRIVATE |KEY BLOCK-----^"
	    "Version: GnuPG v2^^{b64}^{b64}^" },
	{ "putty-private-key",
	    "PuTTY-User|-Key-File-3: ssh-ed25519^Encryption: none^"
	    "Comment: x^Public-Lines: 2^{b64}^{b16}^Private|-Lines: 1^{b48}^" },
	{ "base64-private-key",
	    "client-key-data: "
	    "LS0tLS1|CRUdJTiBSU0EgUFJJ|VkFURSBLRVktLS0tLQ{A80}" },
	{ "base64-private-key",
	    "LS0tLS1|CRUdJTiBQUklW|QVRFIEtFWS0tLS0tCk{A80}" },
	{ "base64-private-key",
	    "LS0tLS1|CRUdJTiBFQyBQUklW|QVRFIEtFWS0tLS0tCk{A80}" },
	{ "assigned-secret", "password = \"{l2}{d2}{l2}{d2}{L1}%{d2}\";" },
	{ "assigned-secret", "DB_PASSWORD={l3}{d2}{L3}!{d2}{l2}" },
	{ "assigned-secret", "  client_secret: '{h32}'" },
	{ "assigned-secret", "api-key: {A32}" },
	{ "assigned-secret", "\"token\": \"{A40}\"," },
	{ "assigned-secret", "$config['passwd'] => '{A9}{d2}{A2}!{d1}';" },
	{ "assigned-secret", "<password>{A9}{d2}{A2}!{d1}</password>" },
};

static struct secret_scanner *scanner(void)
{
	static const struct secret_rule_list none = { NULL, 0, 0 };

	return secret_scanner_new(&unit_arena, &none);
}

static struct secret_hits hits_of(const char *p, size_t len)
{
	struct secret_text text = { p, len };
	struct secret_hits hits = { NULL, 0, 0 };
	struct err err = { 0 };

	ck_assert_msg(secret_scan(scanner(), &unit_arena, &text, 0, len, &hits,
			  &err) == 0,
	    "%s", err.text);
	return hits;
}

static void expect_rule(const char *rule, const char *p, size_t len)
{
	struct secret_hits hits = hits_of(p, len);

	for (size_t i = 0; i < hits.n; i++)
		if (strcmp(hits.v[i].rule->name, rule) == 0)
			return;
	ck_abort_msg("%s is not found in '%.*s', but %s", rule,
	    len < 200 ? (int)len : 200, p,
	    hits.n > 0 ? hits.v[0].rule->name : "nothing");
}

START_TEST(rule_finds_its_format)
	{
		/* Rare letters would show up in one run of many. */
		for (int i = 0; i < 20; i++) {
			const char *p = made(positives[_i].template);

			expect_rule(positives[_i].rule, p, strlen(p));
		}
	}
END_TEST

START_TEST(rule_finds_it_in_the_middle)
	{
		const char *p = made(positives[_i].template);
		struct buf buf;

		buf_init(&buf, &unit_arena, 1 << 20);
		for (int i = 0; i < 1000; i++)
			buf_addf(&buf, "int line_%d; /* of a token */\r\n", i);
		buf_addf(&buf, "%s\r\nint rest;\n", p);
		expect_rule(positives[_i].rule, buf.p, buf.len);
	}
END_TEST

START_TEST(rule_finds_it_among_zeros)
	{
		const char *p = made(positives[_i].template);
		struct buf buf;

		buf_init(&buf, &unit_arena, 1 << 20);
		buf_add(&buf, "\0\177ELF\0\0\377\376", 9);
		buf_addf(&buf, "\n%s\n", p);
		buf_add(&buf, "\0\0\0\1", 4);
		expect_rule(positives[_i].rule, buf.p, buf.len);
	}
END_TEST

/* kind: bit 0 big-endian, bit 1 with a mark, bit 2 an odd byte before */
static void expect_wide(int kind, const char *rule, const char *p)
{
	struct secret_text wide, narrow;
	struct buf buf;

	buf_init(&buf, &unit_arena, 1 << 20);
	if (kind & 4)
		buf_addc(&buf, '\7');
	if (kind & 2)
		buf_add(&buf, kind & 1 ? "\376\377" : "\377\376", 2);
	for (; *p; p++) {
		if (kind & 1)
			buf_addc(&buf, '\0');
		buf_addc(&buf, *p);
		if (!(kind & 1))
			buf_addc(&buf, '\0');
	}
	wide = (struct secret_text){ buf.p, buf.len };
	secret_narrow(&unit_arena, &wide, &narrow);
	expect_rule(rule, narrow.p, narrow.len);
}

START_TEST(rule_finds_it_in_wide_text)
	{
		const char *p = made(positives[_i].template);

		p = arena_printf(&unit_arena, "first line\n%s\nlast line\n", p);
		for (int kind = 0; kind < 8; kind++)
			expect_wide(kind, positives[_i].rule, p);
	}
END_TEST

START_TEST(every_rule_is_tried)
	{
		for (size_t i = 0; i < secret_rules_n; i++) {
			bool tried = false;

			for (int k = 0; k < COUNT(positives); k++)
				if (strcmp(secret_rules[i].name,
					positives[k].rule) == 0)
					tried = true;
			ck_assert_msg(tried, "%s", secret_rules[i].name);
		}
		ck_assert_uint_ge(secret_rules_n, 40);
	}
END_TEST

static const char *const negatives[] = {
	"AK|IAIOSFODNN7EXA|MPLE",
	"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXA|MPLEKEY",
	"gh|p_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx",
	"gh|p_XXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXXX",
	"gh|p_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
	"password = \"changeme\"",
	"password = \"changeme-2024-A1b2\"",
	"password: ${DB_PASSWORD_1a2B3c}",
	"password: <your-password-1A2b>",
	"PASSWORD=$(pass show db/1a2B3c4D)",
	"token = {{ vault_token_1a2B }}",
	"post|gres://user:password@localhost/db",
	"post|gres://user:password@localhost:5432/db",
	"post|gres://app:${PASSWORD}@db/x",
	"post|gres://app:<password>@db/x",
	"post|gres://app:%s@db/x",
	"post|gres://app:xxxxxxxx@db/x",
	"post|gres://db.internal/x",
	"const char *token = strbuf_detach(&buf, NULL);",
	"token = parse_token_v2(p1, q2, r3);",
	"#define TOKEN_MAX_LEN2 1024",
	"password_callback: read_password_from_tty",
	"secret = \"sha256-rsa4096\"",
	"token: \"oauth2_token\"",
	"if (token->type == TOKEN_STRING2)",
	"-----|BEGIN RSA PRIVATE |KEY-----",
	"-----|BEGIN PRIVATE |KEY-----\n...\n-----|END PRIVATE |KEY-----",
	"-----|BEGIN PUBLIC KEY-----^{b64}^{b64}^-----|END PUBLIC KEY-----",
	"-----|BEGIN CERTIFICATE-----^{b64}^{b64}^-----|END CERTIFICATE-----",
	"memmem(p, \"-----|BEGIN RSA PRIVATE |KEY-----\"); /* {A3} */ "
	"my_function_of_some_length(a, b);",
	"commit {h40}",
	"sha512-{b86}==",
	"index {h7}..{h7} 100644",
	"task-{h32}",
	"risk {h32}",
	"{b64}",
};

START_TEST(placeholders_and_code_pass)
	{
		for (int i = 0; i < 20; i++) {
			const char *p = made(negatives[_i]);
			struct secret_hits hits = hits_of(p, strlen(p));

			ck_assert_msg(hits.n == 0, "'%s': %s", p,
			    hits.v ? hits.v[0].rule->name : "");
		}
	}
END_TEST

START_TEST(entropy_is_that_of_the_bytes)
	{
		ck_assert_uint_eq(secret_entropy("", 0), 0);
		ck_assert_uint_eq(secret_entropy("aaaaaaaa", 8), 0);
		ck_assert_uint_eq(secret_entropy("abababab", 8), 10);
		ck_assert_uint_eq(secret_entropy("abcdabcd", 8), 20);
		ck_assert_uint_eq(secret_entropy("abcdefgh", 8), 30);
		/* -3/4 log2 3/4 - 1/4 log2 1/4 = 0.811 */
		ck_assert_uint_eq(secret_entropy("aaab", 4), 8);
	}
END_TEST

START_TEST(masked_shows_a_quarter_at_most)
	{
		ck_assert_str_eq(secret_masked(&unit_arena, "abc", 3), "****");
		ck_assert_str_eq(
		    secret_masked(&unit_arena, "hunter22", 8), "hu****");
		ck_assert_str_eq(
		    secret_masked(&unit_arena, "0123456789012345678", 19),
		    "0123****");
		ck_assert_str_eq(
		    secret_masked(&unit_arena, "\033[2Jabcdefghijklmnopq", 21),
		    "\\x1b[2J****");
	}
END_TEST

/* A line of a megabyte with many keywords, and a credential at its end. */
START_TEST(long_line_is_searched_to_its_end)
	{
		const char *p = made("\"gh|p_{A36}\"");
		struct secret_hits hits;
		struct buf buf;

		buf_init(&buf, &unit_arena, 2 << 20);
		while (buf.len < 1 << 20)
			buf_adds(&buf, "var token=password+secret;ghp_;");
		buf_adds(&buf, p);
		hits = hits_of(buf.p, buf.len);
		ck_assert_uint_eq(hits.n, 1);
		ck_assert_str_eq(hits.v[0].rule->name, "github-token");
		ck_assert_uint_eq(hits.v[0].end - hits.v[0].begin, 40);
	}
END_TEST

START_TEST(many_hits_have_an_end)
	{
		struct buf buf;

		buf_init(&buf, &unit_arena, 1 << 20);
		for (int i = 0; i < 1000; i++)
			buf_addf(&buf, "%s\n", made("gh|p_{A36}"));
		ck_assert_uint_eq(hits_of(buf.p, buf.len).n, HITS_MAX);
	}
END_TEST

/* ---- what is new -------------------------------------------------------- */

static const struct {
	const char *old, *new, *part; /* that is looked at */
} trims[] = {
	{ "", "a\nb\n", "a\nb\n" },
	{ "a\nb\n", "a\nb\nc\n", "a\nb\nc\n" },
	{ "a\nb\nc\n", "a\nb\nc\n", "" },
	{ "a\nb\nc\n", "x\nb\nc\n", "x" },
	{ "abc\nabc\n", "abc\nabc\nabc\n", "abc\nabc\nabc\n" },
	{ "a\nb\nc\n", "a\nc\n", "a\nc" },
	{ "one\ntwo\n", "one\ntXo\n", "one\ntXo" },
};

START_TEST(trim_keeps_whole_lines)
	{
		struct secret_text old = { trims[_i].old,
			strlen(trims[_i].old) };
		struct secret_text new = { trims[_i].new,
			strlen(trims[_i].new) };
		size_t from, to;

		secrets_trim(&old, &new, &from, &to);
		ck_assert_str_eq(
		    arena_strndup(&unit_arena, new.p + from, to - from),
		    trims[_i].part);
	}
END_TEST

/* Of large texts only the neighbourhood of what changed is left. */
START_TEST(trim_leaves_out_what_is_far_away)
	{
		struct buf old, new;
		struct secret_text a, b;
		size_t from, to;

		buf_init(&old, &unit_arena, 1 << 20);
		buf_init(&new, &unit_arena, 1 << 20);
		for (int i = 0; i < 20000; i++) {
			buf_addf(&old, "line %d\n", i);
			buf_addf(
			    &new, i == 10000 ? "Line %d\n" : "line %d\n", i);
		}
		a = (struct secret_text){ old.p, old.len };
		b = (struct secret_text){ new.p, new.len };
		secrets_trim(&a, &b, &from, &to);
		ck_assert_ptr_nonnull(
		    memmem(new.p + from, to - from, "Line 10000", 10));
		ck_assert_uint_lt(to - from, 5000);
		ck_assert_int_eq(new.p[from - 1], '\n');
		ck_assert_int_eq(new.p[to], '\n');
	}
END_TEST

static const struct {
	const char *comment;
	bool allowed;
} comments[] = {
	{ " # stagegate:allow-secret github-token", true },
	{ " // stagegate:allow-secret github-token", true },
	{ " /* stagegate:allow-secret github-token */", true },
	{ " <!-- stagegate:allow-secret github-token -->", true },
	{ " # stagegate:allow-secret   github-token \r", true },
	{ "", false },
	{ " # stagegate:allow-secret", false },
	{ " # stagegate:allow-secret github", false },
	{ " # stagegate:allow-secret github-token-2", false },
	{ " # stagegate:allow-secret github-tokens", false },
	{ " # stagegate:allow-secret jwt", false },
	{ " # stagegate:allow-secretgithub-token", false },
	{ " # stagegate:allow-secret github-token, says bob", false },
	{ "\n# stagegate:allow-secret github-token", false },
};

START_TEST(comment_allows_just_its_rule)
	{
		const char *p = arena_printf(&unit_arena, "x\nkey = %s%s\ny\n",
		    made("gh|p_{A36}"), comments[_i].comment);
		struct secret_text text = { p, strlen(p) };
		struct secret_hits hits = hits_of(p, text.len);

		ck_assert_uint_eq(hits.n, 1);
		ck_assert_int_eq(secrets_allowed_inline(&text, &hits.v[0]),
		    comments[_i].allowed);
	}
END_TEST

int main(void)
{
	Suite *suite = suite_create("secrets");
	TCase *tcase = unit_case(suite, "rules");

	tcase_add_loop_test(tcase, rule_finds_its_format, 0, COUNT(positives));
	tcase_add_loop_test(
	    tcase, rule_finds_it_in_the_middle, 0, COUNT(positives));
	tcase_add_loop_test(
	    tcase, rule_finds_it_among_zeros, 0, COUNT(positives));
	tcase_add_loop_test(
	    tcase, rule_finds_it_in_wide_text, 0, COUNT(positives));
	tcase_add_test(tcase, every_rule_is_tried);
	tcase_add_loop_test(
	    tcase, placeholders_and_code_pass, 0, COUNT(negatives));
	tcase = unit_case(suite, "scan");
	tcase_add_test(tcase, entropy_is_that_of_the_bytes);
	tcase_add_test(tcase, masked_shows_a_quarter_at_most);
	tcase_add_test(tcase, long_line_is_searched_to_its_end);
	tcase_add_test(tcase, many_hits_have_an_end);
	tcase = unit_case(suite, "new");
	tcase_add_loop_test(tcase, trim_keeps_whole_lines, 0, COUNT(trims));
	tcase_add_test(tcase, trim_leaves_out_what_is_far_away);
	tcase_add_loop_test(
	    tcase, comment_allows_just_its_rule, 0, COUNT(comments));
	return unit_main(suite);
}
