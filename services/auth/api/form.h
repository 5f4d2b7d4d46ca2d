/* services/auth/api/form.h - small things that several messages share */
#ifndef PARLOR_AUTH_FORM_H
#define PARLOR_AUTH_FORM_H

#include "lib/rpc/call.h"
#include "parlor/auth/v1/user_pool.pb-c.h"
#include "services/auth/model/pool.h"
#include "services/auth/model/user.h"

/* A field's text; null data when it was not sent. */
static inline struct slice form_text(const char *field)
{
	return slice_of(field);
}

/* A C string in the call's memory; NULL when it is full. */
static inline char *form_string(struct call *c, struct slice text)
{
	return arena_copy(c->mem, text.data, text.size);
}

/* A field's texts, in the call's memory. */
static inline struct auth_texts form_texts(struct call *c, char *const *texts,
					   size_t count)
{
	struct slice *rows = arena_array(c->mem, count, sizeof(*rows));

	for (size_t i = 0; rows && i < count; i++)
		rows[i] = form_text(texts[i]);
	return (struct auth_texts){ rows, rows ? count : 0 };
}

/* What is to be said of a user from now on, in the call's memory. */
static inline struct auth_change *form_changes(
    struct call *c, Parlor__Auth__V1__AttributeType *const *rows, size_t count,
    size_t *out)
{
	struct auth_change *changes =
	    arena_array(c->mem, count + 1, sizeof(*changes));

	*out = changes ? count : 0;
	for (size_t i = 0; i < *out; i++)
		changes[i] = (struct auth_change){ form_text(rows[i]->name),
						   form_text(rows[i]->value) };
	call_status(c);
	return changes;
}

/* Where a confirmation code went. */
static inline Parlor__Auth__V1__CodeDeliveryDetails form_delivery(
    const char *destination)
{
	Parlor__Auth__V1__CodeDeliveryDetails details =
	    PARLOR__AUTH__V1__CODE_DELIVERY_DETAILS__INIT;

	details.destination = (char *)destination;
	details.delivery_medium = (char *)"EMAIL";
	details.attribute_name = (char *)"email";
	return details;
}

#endif
