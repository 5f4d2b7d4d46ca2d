/* lib/base/list.h - a doubly linked list through its members
 *
 * A head and its members are all `struct list`; an empty head, and a member
 * that is in no list, point at themselves. It owns nothing.
 */
#ifndef PARLOR_BASE_LIST_H
#define PARLOR_BASE_LIST_H

#include <stdbool.h>
#include <stddef.h>

struct list {
	struct list *next, *prev;
};

static inline void list_init(struct list *l)
{
	l->next = l->prev = l;
}

static inline bool list_empty(const struct list *head)
{
	return head->next == head;
}

static inline void list_append(struct list *head, struct list *member)
{
	member->prev = head->prev;
	member->next = head;
	head->prev->next = member;
	head->prev = member;
}

static inline void list_remove(struct list *member)
{
	member->prev->next = member->next;
	member->next->prev = member->prev;
	list_init(member);
}

#define LIST_ENTRY(member, type, field) \
	((type *)(void *)((char *)(member)-offsetof(type, field)))

/* The first entry, or NULL; removing it is the caller's. */
#define LIST_FIRST(head, type, field) \
	(list_empty(head) ? NULL : LIST_ENTRY((head)->next, type, field))

/* `at` may be removed within the loop's body. */
#define LIST_EACH(at, after, head)                                            \
	for (struct list *at = (head)->next, *after = at->next; at != (head); \
	     at = after, after = at->next)

#endif
