/* services/auth/settings.c - parlor-auth's own settings, a row each */
#include "services/auth/settings.h"
#include "services/auth/mail/smtp.h"
#include "services/auth/model/oauth.h"
#include "services/auth/model/user.h"
#include "services/auth/op/post.h"
#include "services/auth/web/page.h"

#include <sched.h>

#define AT(field) offsetof(struct auth_settings, field)
#define PER_ADDRESS(kind) AT(rates.per_address[AUTH_LIMITED_##kind])
#define PER_POOL(kind) AT(rates.per_pool[AUTH_LIMITED_##kind])

enum { RATE_MAX = 1000000 };

static const char *const mfa_modes[] = { [AUTH_MFA_OFF] = "off",
					 [AUTH_MFA_OPTIONAL] = "optional",
					 [AUTH_MFA_ON] = "on",
					 [AUTH_MFA_ON + 1] = NULL };

const struct setting auth_settings[] = {
	{ "seal_key", SETTING_TEXT, AT(seal_key), "keys/seal.key",
	  .help = "The file of 32 bytes that seals signing keys and codes in "
		  "the store; all replicas have the same.",
	  .flags = SETTING_PATH },
	{ "mail_dir", SETTING_TEXT, AT(mail.dir),
	  .help = "The directory where mail to users is written, a file a "
		  "message, where all listeners are loopback; without it "
		  "nobody can sign up.",
	  .flags = SETTING_PATH },
	{ "smtp", SETTING_TEXT, AT(mail.smtp),
	  .help = "The server that mail to users is given to, "
		  "smtps://HOST:PORT, or smtp://HOST:PORT with STARTTLS, in "
		  "place of mail_dir." },
	{ "smtp_user", SETTING_TEXT, AT(mail.smtp_user),
	  .help = "The name to authenticate with there." },
	{ "smtp_password", SETTING_SECRET, AT(mail.smtp_password),
	  .help = "And the password." },
	{ "smtp_authorities", SETTING_TEXT, AT(mail.smtp_authorities),
	  .help = "A PEM file of those who vouch for it; without it the "
		  "system's.",
	  .flags = SETTING_PATH },
	{ "smtp_tls", SETTING_BOOL, AT(mail.smtp_tls), "true",
	  .help = "false: without TLS, to a server on this machine." },
	{ "mail_queue", SETTING_INTEGER, AT(mail.queue), "10000",
	  .help = "How many letters may wait for it before users are told that "
		  "theirs can't be sent.",
	  .min = 1, .max = 1000000 },
	{ "mail_from", SETTING_TEXT, AT(mail.from), "no-reply@parlor.invalid",
	  .help = "The address that mail is from." },
	{ "mail_from_name", SETTING_TEXT, AT(mail.from_name),
	  .help = "The name that mail is from, beside the address." },
	{ "mail_language", SETTING_TEXT, AT(mail.language), "en",
	  .help = "The language of mail to those whose locale says none that "
		  "there are letters in." },
	{ "mail_templates", SETTING_TEXT, AT(mail.templates),
	  .help = "A folder of letters in place of those built in, "
		  "LANGUAGE/LETTER.txt and LANGUAGE/LETTER.html.",
	  .flags = SETTING_PATH },
	{ "user_password_auth", SETTING_BOOL, AT(rules.password_flow), "true",
	  .help = "Is the flow USER_PASSWORD_AUTH enabled for the client?" },
	{ "user_srp_auth", SETTING_BOOL, AT(rules.srp_flow), "true",
	  .help = "Is the flow USER_SRP_AUTH enabled for the client? Only then "
		  "is a verifier kept of a password, sealed: a bare one is "
		  "cheaper to guess against than a hash." },
	{ "user_auth", SETTING_BOOL, AT(rules.choice_flow), "true",
	  .help = "Is the flow USER_AUTH enabled for the client, in which the "
		  "user chooses between a password and a code by mail?" },
	{ "password_length", SETTING_INTEGER, AT(rules.password_min), "8",
	  .help = "How many characters a password has at least.", .min = 6,
	  .max = 99 },
	{ "password_upper", SETTING_BOOL, AT(rules.upper), "true",
	  .help = "Must a password have an upper-case letter?" },
	{ "password_lower", SETTING_BOOL, AT(rules.lower), "true",
	  .help = "Must a password have a lower-case letter?" },
	{ "password_digit", SETTING_BOOL, AT(rules.digit), "true",
	  .help = "Must a password have a digit?" },
	{ "password_symbol", SETTING_BOOL, AT(rules.symbol), "true",
	  .help = "Must a password have a symbol?" },
	{ "mfa", SETTING_CHOICE, AT(rules.mfa.mode), "optional",
	  .help = "Is a second factor asked for behind a password: off, of who "
		  "has set one up (optional), or of everybody (on)?",
	  .choices = mfa_modes },
	{ "mfa_totp", SETTING_BOOL, AT(rules.mfa.totp), "true",
	  .help = "Can an app's codes be set up as the second factor?" },
	{ "mfa_email", SETTING_BOOL, AT(rules.mfa.email), "true",
	  .help = "Can codes by mail be chosen as the second factor?" },
	{ "callback_urls", SETTING_LIST, AT(rules.callback_urls),
	  .help = "Addresses to which an app's browser may be sent with a "
		  "code, compared whole; without one no app can sign its "
		  "users in by the pages." },
	{ "logout_urls", SETTING_LIST, AT(rules.logout_urls),
	  .help = "Addresses to which it may be sent after /logout." },
	{ "oauth_scopes", SETTING_LIST, AT(rules.oauth_scopes),
	  "[openid, email, profile, aws.cognito.signin.user.admin]",
	  .help = "The scopes that such an app may ask for." },
	{ "page_title", SETTING_TEXT, AT(page_title), "Parlor",
	  .help = "What the sign-in pages say they are a way into." },
	{ "page_style", SETTING_TEXT, AT(page_style),
	  .help = "A CSS file of your own for the sign-in pages, in place of "
		  "ours.",
	  .flags = SETTING_PATH },
	{ "admin_user_password_auth", SETTING_BOOL, AT(rules.admin_flow),
	  "true",
	  .help =
	      "Is the flow ADMIN_USER_PASSWORD_AUTH enabled for the client, "
	      "by which a server signs its users in?" },
	{ "temporary_password_life", SETTING_DURATION, AT(rules.temporary_ms),
	  "7d",
	  .help = "How long a password that an administrator has chosen is "
		  "good, which the user is to change.",
	  .min = 3600000, .max = 365 * 86400000LL },
	{ "access_token_life", SETTING_DURATION, AT(rules.access_ms), "1h",
	  .help = "How long an access token is good.", .min = 300000,
	  .max = 86400000 },
	{ "id_token_life", SETTING_DURATION, AT(rules.id_ms), "1h",
	  .help = "How long an ID token is good.", .min = 300000,
	  .max = 86400000 },
	{ "refresh_token_life", SETTING_DURATION, AT(rules.refresh_ms), "30d",
	  .help = "How long a sign-in can be refreshed.", .min = 3600000,
	  .max = 315360000000 },
	{ "refresh_token_rotation", SETTING_BOOL, AT(rules.rotates), "true",
	  .help = "Does GetTokensFromRefreshToken give a new refresh token and "
		  "end the old one? Who uses an old one ends the sign-in." },
	{ "refresh_retry_grace", SETTING_DURATION, AT(rules.grace_ms), "0s",
	  .help = "How long the last one is still answered with the same new "
		  "one, for who lost the answer.",
	  .max = 60000 },
	{ "audit_life", SETTING_DURATION, AT(rules.audit_ms), "90d",
	  .help = "How long the events of the audit log are kept.",
	  .min = 86400000, .max = 315360000000 },
	{ "signing_key_life", SETTING_DURATION, AT(rules.key_ms), "90d",
	  .help = "After how long the next signing key is made; tokens of the "
		  "last one stay good.",
	  .min = 86400000, .max = 315360000000 },
	{ "sign_ins_per_address", SETTING_INTEGER, PER_ADDRESS(SIGN_INS),
	  "3000",
	  .help = "How many passwords and codes an address may try in a "
		  "minute; 0 is no limit. Each replica counts its own.",
	  .max = RATE_MAX, .flags = SETTING_START },
	{ "sign_ups_per_address", SETTING_INTEGER, PER_ADDRESS(SIGN_UPS),
	  "3600",
	  .help = "How many accounts may come from an address in an hour; 0 is "
		  "no limit.",
	  .max = RATE_MAX, .flags = SETTING_START },
	{ "codes_per_address", SETTING_INTEGER, PER_ADDRESS(CODES), "3600",
	  .help = "How many codes an address may have mailed in an hour; 0 is "
		  "no limit.",
	  .max = RATE_MAX, .flags = SETTING_START },
	{ "sign_ins_per_pool", SETTING_INTEGER, PER_POOL(SIGN_INS), "0",
	  .help = "How many passwords and codes all may try in a minute; 0 is "
		  "no limit.",
	  .max = RATE_MAX, .flags = SETTING_START },
	{ "sign_ups_per_pool", SETTING_INTEGER, PER_POOL(SIGN_UPS), "0",
	  .help = "How many accounts there may be more in an hour; 0 is no "
		  "limit.",
	  .max = RATE_MAX, .flags = SETTING_START },
	{ "codes_per_pool", SETTING_INTEGER, PER_POOL(CODES), "0",
	  .help = "How many codes may be asked for in an hour; 0 is no limit.",
	  .max = RATE_MAX, .flags = SETTING_START },
	{ "guests_per_address", SETTING_INTEGER, PER_ADDRESS(GUESTS), "100",
	  .help = "How many guests may come from an address in an hour; 0 is "
		  "no limit. Each replica counts its own.",
	  .max = 1000000, .flags = SETTING_START },
	{ "guest_life", SETTING_DURATION, AT(rules.guest_ms), "30d",
	  .help = "How long a guest is kept that doesn't come back.",
	  .min = 7 * 86400000LL, .max = 315360000000 },
	{ "hash_memory", SETTING_SIZE, AT(rules.hash_memory), "19MB",
	  .help = "Argon2id's memory for a password; old hashes keep theirs.",
	  .min = 1 << 20, .max = 1 << 30 },
	{ "hash_passes", SETTING_INTEGER, AT(rules.hash_passes), "2",
	  .help = "Argon2id's passes over it.", .min = 1, .max = 64 },
	{ "hash_lanes", SETTING_INTEGER, AT(rules.hash_lanes), "1",
	  .help = "Argon2id's lanes, one behind the other.", .min = 1,
	  .max = 16 },
	{ "hash_threads", SETTING_INTEGER, AT(rules.hash_threads), "0",
	  .help = "Threads that hash passwords and sign tokens; 0 is one per "
		  "processor. Changes with the next start.",
	  .max = AUTH_HASH_THREADS_MAX },
	{ "hash_queue", SETTING_INTEGER, AT(rules.hash_queue), "256",
	  .help = "How many may wait for them before others are told to come "
		  "again. Changes with the next start.",
	  .min = 1, .max = 65536 },
	{ 0 }
};

size_t auth_hash_threads(const struct auth_rules *rules)
{
	cpu_set_t set;
	int count = 1;

	if (rules->hash_threads)
		return (size_t)rules->hash_threads;
	if (sched_getaffinity(0, sizeof(set), &set) == 0)
		count = CPU_COUNT(&set);
	return (size_t)(count < AUTH_HASH_THREADS_MAX ? count
						      : AUTH_HASH_THREADS_MAX);
}

/* Pool ids as in Cognito: [\w-]+_[0-9a-zA-Z]+. */
static bool is_pool_id(const char *id)
{
	const char *letters = "abcdefghijklmnopqrstuvwxyz"
			      "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";
	const char *last = id ? strrchr(id, '_') : NULL;

	if (!last || last == id || !last[1] ||
	    strspn(last + 1, letters) != strlen(last + 1))
		return false;
	for (const char *at = id; at < last; at++)
		if (!strchr(letters, *at) && *at != '_' && *at != '-')
			return false;
	return true;
}

/* Does the issuer end with a slash and the pool's id? */
static bool is_issuer_of(const char *issuer, const char *pool_id)
{
	size_t size = strlen(issuer), end = strlen(pool_id);

	return strpbrk(issuer, "\"\\ ") == NULL && size > end + 1 &&
	       issuer[size - end - 1] == '/' &&
	       strcmp(issuer + size - end, pool_id) == 0;
}

static int check_mail(const struct auth_settings *s, struct fault *fault)
{
	const struct auth_mail *mail = &s->mail;
	struct auth_post *post;

	if (mail->dir && *mail->dir && !daemon_is_loopback(s->common.listen))
		return fault_set(fault, E_INVALID,
				 "auth.mail_dir: codes in a directory are for "
				 "a machine of one's own, and auth.listen '%s' "
				 "is not loopback",
				 s->common.listen);
	if (mail->dir && *mail->dir && mail->smtp && *mail->smtp)
		return fault_set(fault, E_INVALID,
				 "auth.smtp: mail goes to a server or to "
				 "auth.mail_dir, not to both");
	if (auth_smtp_check(mail, fault))
		return -fault->code;
	if (!auth_email_is_good(slice_of(mail->from)))
		return fault_set(fault, E_INVALID,
				 "auth.mail_from: '%s' is no address",
				 mail->from);
	post = auth_post_new(mail, NULL, fault);
	auth_post_free(post);
	return post ? 0 : -fault->code;
}

static int check_urls(const char *key, const struct setting_list *list,
		      struct fault *fault)
{
	const char *const *rows = list->rows;

	for (size_t i = 0; i < list->count; i++)
		if (!auth_redirect_is_good(slice_of(rows[i])))
			return fault_set(fault, E_INVALID,
					 "auth.%s: '%s' is not an absolute "
					 "URI of https, of http on this "
					 "machine, or of an app's own scheme",
					 key, rows[i]);
	return 0;
}

static int check_pages(const struct auth_settings *s, struct fault *fault)
{
	const struct web_look *look;

	if (check_urls("callback_urls", &s->rules.callback_urls, fault) ||
	    check_urls("logout_urls", &s->rules.logout_urls, fault))
		return -fault->code;
	look = web_look_new(s->page_title, s->page_style, NULL, fault);
	web_look_free(look);
	return look ? 0 : -fault->code;
}

int auth_settings_check(const void *settings, struct fault *fault)
{
	const struct auth_settings *s = settings;

	if (!is_pool_id(s->common.user_pool_id))
		return fault_set(fault, E_INVALID,
				 "auth.user_pool_id: '%s' is not of the form "
				 "REGION_LETTERS",
				 s->common.user_pool_id ? s->common.user_pool_id
							: "");
	if (!s->common.client_id || !*s->common.client_id)
		return fault_set(fault, E_INVALID,
				 "auth.client_id: is required");
	if (!s->common.issuer ||
	    !is_issuer_of(s->common.issuer, s->common.user_pool_id))
		return fault_set(fault, E_INVALID,
				 "auth.issuer: '%s' does not end with "
				 "'/%s'",
				 s->common.issuer ? s->common.issuer : "",
				 s->common.user_pool_id);
	if (s->rules.hash_memory / 1024 < 8 * s->rules.hash_lanes)
		return fault_set(fault, E_INVALID,
				 "auth.hash_memory: is less than 8KB a lane");
	return check_mail(s, fault) || check_pages(s, fault) ? -fault->code : 0;
}
