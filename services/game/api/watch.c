/* services/game/api/watch.c - an rpc that streams a function's answers
 *
 * Which function, and which item's changes, a row of functions.yaml says; the
 * item's key may name texts of the request.
 */
#include "services/game/op/watch.h"
#include "lib/wire/wire.h"
#include "services/game/api/api.h"
#include "services/game/op/game.h"

enum { KEY_PART_MAX = 2048 };

/* The name in the next "${…}", cut off with the text before it. False at the
 * end: then *before is all there was. */
static bool next_name(struct slice *text, struct slice *before,
		      struct slice *name)
{
	const uint8_t *open =
	    text->size ? memmem(text->data, text->size, "${", 2) : NULL;

	if (!open) {
		*before = *text;
		*text = slice_make(NULL, 0);
		return false;
	}
	*before = slice_make(text->data, (size_t)(open - text->data));
	*text = slice_make(open + 2, text->size - before->size - 2);
	*name = slice_cut(text, '}');
	return true;
}

static const struct descriptor_field *text_field(
    const struct descriptor_message *type, struct slice name)
{
	const struct descriptor_field *f = descriptor_field_by_json(type, name);

	return f && f->type == TYPE_STRING && !f->repeated ? f : NULL;
}

/* The last value of a text field, as protobuf has it. */
static struct slice value_of(struct slice request,
			     const struct descriptor_field *field)
{
	struct slice value = { 0 };
	struct wire_field f;

	while (wire_next(&request, &f) == 1)
		if (f.number == field->number && f.type == WIRE_BYTES)
			value = f.bytes;
	return value;
}

static struct slice fill_in(struct call *c, const char *template,
			    const struct descriptor_message *type)
{
	struct slice rest = slice_of(template), before, name, filled;
	struct buffer out;
	bool more;

	buffer_init(&out, KEY_PART_MAX);
	do {
		more = next_name(&rest, &before, &name);
		buffer_put_slice(&out, before);
		if (more && slice_is(name, "sub"))
			buffer_put_slice(&out, c->user.sub);
		else if (more)
			buffer_put_slice(&out,
					 value_of(c->request,
						  text_field(type, name)));
	} while (more);
	filled = arena_slice(c->mem, buffer_slice(&out));
	if (out.failed)
		call_fail(c, E_INVALID, "the request's texts are too long");
	buffer_release(&out);
	return filled;
}

void api_watch(struct call *c)
{
	const struct game_thread *t = c->thread;
	const struct host_watch *row =
	    host_deployment_watch(host_deployment(t->host), c->method);
	const struct descriptor_method *m =
	    descriptor_method_find(descriptor_set_parlor(), c->method);
	struct watch_item item;

	if (!row) {
		call_fail(c, E_UNIMPLEMENTED, "no function serves '%.*s'",
			  SLICE_ARGS(c->method));
		call_end(c);
		return;
	}
	item = (struct watch_item){ .table = slice_of(row->table),
				    .pk = fill_in(c, row->pk, m->input),
				    .sk = fill_in(c, row->sk, m->input) };
	if (call_status(c) == 0)
		game_watch(c, row->function, &item);
	else
		call_end(c);
}

/* ---- is a row right? -------------------------------------------------------
 */

static int check_template(const struct host_watch *row, const char *key,
			  const char *template,
			  const struct descriptor_message *type,
			  struct fault *fault)
{
	struct slice rest = slice_of(template), before, name;

	while (next_name(&rest, &before, &name))
		if (!slice_is(name, "sub") && !text_field(type, name))
			return fault_set(fault, E_INVALID,
					 "watch '%s': %s: '%.*s' is neither "
					 "sub nor a text of the request",
					 row->rpc, key, SLICE_ARGS(name));
	return 0;
}

int api_watch_check(const struct host_deployment *d,
		    const struct host_watch *row,
		    const struct descriptor_set *set, struct fault *fault)
{
	const struct descriptor_method *m =
	    descriptor_method_find(set, slice_of(row->rpc));
	const struct host_function *f =
	    host_deployment_function(d, slice_of(row->function));
	const struct descriptor_method *of =
	    f ? descriptor_method_find(set, slice_of(f->rpc)) : NULL;

	if (!m || !m->server_streams || m->client_streams)
		return fault_set(fault, E_INVALID,
				 "watch '%s': no such rpc in the descriptors "
				 "that streams its answers alone",
				 row->rpc);
	if (!of)
		return fault_set(fault, E_INVALID,
				 "watch '%s': no function '%s'", row->rpc,
				 row->function);
	if (of->input != m->input || of->output != m->output)
		return fault_set(fault, E_INVALID,
				 "watch '%s': function '%s' takes or answers "
				 "other messages",
				 row->rpc, row->function);
	if (check_template(row, "pk", row->pk, m->input, fault) != 0)
		return -fault->code;
	return check_template(row, "sk", row->sk, m->input, fault);
}
