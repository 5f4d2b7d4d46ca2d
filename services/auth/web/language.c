/* services/auth/web/language.c - in which language the pages are
 *
 * They are written in English. A file of pages/languages/ has a line for each of
 * their texts: the English, " = ", and what it is in the file's language. English
 * that ends with `*` is any that begins so.
 */
#include "services/auth/web/page.h"

static const struct {
	const char *name, *file;
} languages[] = {
	{ "en", "" },
	{ "de", "languages/de.txt" },
	{ "fr", "languages/fr.txt" },
	{ "es", "languages/es.txt" },
};

enum { LANGUAGES = sizeof(languages) / sizeof(*languages) };

/* "de", or "de-AT". False where the pages don't know it. */
static bool speak(struct web *w, struct slice tag)
{
	struct slice name = slice_cut(&tag, '-');

	for (size_t i = 0; i < LANGUAGES; i++)
		if (slice_equal_nocase(name, slice_of(languages[i].name))) {
			w->language = slice_of(languages[i].name);
			w->texts = web_built_in(slice_of(languages[i].file));
			return true;
		}
	return false;
}

/* OpenID Connect's list, in order of preference. */
static bool speak_one_of(struct web *w, struct slice tags)
{
	while (tags.size)
		if (speak(w, slice_cut(&tags, ' ')))
			return true;
	return false;
}

/* "de-AT, de;q=0.9, en;q=0.8". Weights are 0 to 1 with three digits at most, so
 * their texts are in their order. */
static void speak_as_browser(struct web *w)
{
	struct slice rest =
	    http_header_find(&w->request->headers, "accept-language");
	struct slice best = SLICE("0");

	while (rest.size) {
		struct slice item = slice_cut(&rest, ',');
		struct slice tag = slice_trim(slice_cut(&item, ';'));
		struct slice weight = slice_trim(item);

		if (slice_starts(weight, SLICE("q=")))
			slice_cut(&weight, '=');
		else
			weight = SLICE("1");
		if (slice_compare(weight, best) > 0 && speak(w, tag))
			best = weight;
	}
}

static struct slice asked(const struct web *w, const char *name)
{
	struct slice value = form_value(&w->query, name);

	return value.data ? value : web_field(w, name);
}

void web_choose_language(struct web *w)
{
	w->language = SLICE("en");
	if (!speak_one_of(w, asked(w, "lang")) &&
	    !speak_one_of(w, asked(w, "ui_locales")))
		speak_as_browser(w);
}

/* Is the line about that English? Then *words are its language's. */
static bool is_about(struct slice line, struct slice english,
		     struct slice *words)
{
	const struct slice mark = SLICE(" = ");
	const uint8_t *at = memmem(line.data, line.size, mark.data, mark.size);
	size_t size = at ? (size_t)(at - line.data) : 0;
	struct slice text = slice_make(line.data, size);

	if (!size)
		return false;
	*words = slice_make(at + mark.size, line.size - size - mark.size);
	if (text.data[size - 1] != '*')
		return slice_equal(text, english);
	text.size--;
	return slice_starts(english, text);
}

struct slice web_words(const struct web *w, struct slice english)
{
	struct slice rest = w->texts, words;

	while (rest.size)
		if (is_about(slice_cut(&rest, '\n'), english, &words))
			return words;
	return english;
}
