/* services/auth/web/fields.c - what pages ask of a user, by the pool's rules */
#include "services/auth/web/fields.h"
#include "services/auth/model/alias.h"

/* In the order in which they are asked for. */
static const struct field {
	enum auth_attribute of;
	const char *label;
	const char *type, *autocomplete; /* HTML's */
} fields[] = {
	{ AUTH_EMAIL, "E-mail address", "email", "email" },
	{ AUTH_PHONE_NUMBER, "Phone number", "tel", "tel" },
	{ AUTH_NAME, "Full name", "text", "name" },
	{ AUTH_GIVEN_NAME, "Given name", "text", "given-name" },
	{ AUTH_MIDDLE_NAME, "Middle name", "text", "additional-name" },
	{ AUTH_FAMILY_NAME, "Family name", "text", "family-name" },
	{ AUTH_NICKNAME, "Nickname", "text", "nickname" },
	{ AUTH_PREFERRED_USERNAME, "Preferred username", "text", "off" },
	{ AUTH_BIRTHDATE, "Date of birth", "date", "bday" },
	{ AUTH_GENDER, "Gender", "text", "sex" },
	{ AUTH_ADDRESS, "Address", "text", "off" },
	{ AUTH_LOCALE, "Language", "text", "language" },
	{ AUTH_ZONEINFO, "Time zone", "text", "off" },
	{ AUTH_WEBSITE, "Website", "url", "url" },
	{ AUTH_PROFILE, "Address of your profile", "url", "off" },
	{ AUTH_PICTURE, "Address of your picture", "url", "photo" },
	{ AUTH_UPDATED_AT, "Last update", "number", "off" },
};
enum { FIELDS = sizeof(fields) / sizeof(*fields) };

static enum auth_wish wish_of(const struct web *w, const struct field *field)
{
	const struct auth_pool *pool = auth_pool_of(&w->call);
	struct auth_change change = { .name = slice_of(
					  auth_attribute_name(field->of)) };
	struct fault unwritable = { 0 };

	if (auth_client_may_write(auth_client_of(&w->call), &pool->schema,
				  &change, 1, &unwritable))
		return AUTH_WISH_NONE;
	return auth_pool_wish(pool, field->of);
}

/* What is wrong with it, in English; empty: nothing. */
static struct slice why(struct web *w, const struct auth_rule *rule,
			enum auth_wish wish, struct slice value)
{
	struct fault fault = { 0 };

	if (!value.size)
		return wish == AUTH_WISH_MUST ? SLICE("Please fill this in.")
					      : slice_make("", 0);
	if (!auth_rule_check(rule, value, &fault))
		return slice_make("", 0);
	return slice_of(arena_printf(w->call.mem, "%s", fault.message));
}

static void ask(struct web *w, const struct field *field, enum auth_wish wish,
		bool answered, struct web_fields *all)
{
	const char *name = auth_attribute_name(field->of);
	const struct auth_rule *rule =
	    auth_rule_find(&auth_pool_of(&w->call)->schema, slice_of(name));
	bool text = rule->type == AUTH_TYPE_STRING;
	struct slice value = web_field(w, name), none = { 0 };
	struct slice wrong = answered ? why(w, rule, wish, value) : none;
	struct slice words = web_words(w, wrong);

	all->rows[all->count++] = (struct web_row){ {
	    { "field", slice_of(name) },
	    { "label", web_words(w, slice_of(field->label)) },
	    { "type", slice_of(field->type) },
	    { "autocomplete", slice_of(field->autocomplete) },
	    { "value", value },
	    { "least", text ? rule->min : none },
	    { "most", text ? rule->max : none },
	    { wish == AUTH_WISH_MUST ? "must" : "may", SLICE("1") },
	    { "wrong", words },
	    { "wrong_language",
	      words.data == wrong.data ? SLICE("en") : w->language },
	} };
	all->wrong |= wrong.size > 0;
	if (value.size)
		all->said[all->said_count++] =
		    (struct auth_change){ slice_of(name), value };
}

const struct web_fields *web_fields_read(struct web *w, bool answered)
{
	struct web_fields *all = web_operation(w, sizeof(*all));

	if (!all)
		return NULL;
	for (size_t i = 0; i < FIELDS; i++) {
		enum auth_wish wish = wish_of(w, &fields[i]);

		if (wish != AUTH_WISH_NONE)
			ask(w, &fields[i], wish, answered, all);
	}
	w->rows = all->rows;
	w->row_count = all->count;
	return all;
}

/* ---- a name ---------------------------------------------------------------- */

static const struct {
	const char *label, *alias, *kind;
} names[] = {
	{ "Username", "Username", "text" },
	{ "E-mail address", "Username or e-mail address", "email" },
	{ "Phone number", "Username or phone number", "tel" },
	{ "E-mail address or phone number",
	  "Username, e-mail address or phone number", "text" },
};

void web_say_name(struct web *w, bool new)
{
	const struct auth_pool *pool = auth_pool_of(&w->call);
	bool instead = pool->usernames.count > 0;
	const struct auth_texts *by =
	    instead ? &pool->usernames : &pool->aliases;
	int which = auth_texts_have(by, SLICE("email")) +
		    2 * auth_texts_have(by, SLICE("phone_number"));

	if (new && !instead)
		which = 0;
	web_say(w, "name_label",
		web_words(w, slice_of(instead ? names[which].label
					      : names[which].alias)));
	web_say(w, "name_kind", slice_of(instead ? names[which].kind : "text"));
}
