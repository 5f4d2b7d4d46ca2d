/* services/auth/model/password.c - which passwords the pool takes */
#include "services/auth/model/password.h"

static bool is_symbol(uint8_t c)
{
	return c && strchr("^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+- ", c);
}

static bool is_blank(uint8_t c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

bool auth_password_is_shaped(struct slice password)
{
	return password.size > 1 && !is_blank(password.data[0]) &&
	       !is_blank(password.data[password.size - 1]) &&
	       !memchr(password.data, '\n', password.size) &&
	       !memchr(password.data, '\r', password.size);
}

int auth_password_check(const struct auth_password_policy *policy,
			struct slice password, struct fault *fault)
{
	bool upper = !policy->upper, lower = !policy->lower,
	     digit = !policy->digit, symbol = !policy->symbol;
	const char *why = NULL;

	for (size_t i = 0; i < password.size; i++) {
		uint8_t c = password.data[i];

		upper |= c >= 'A' && c <= 'Z';
		lower |= c >= 'a' && c <= 'z';
		digit |= c >= '0' && c <= '9';
		symbol |= is_symbol(c);
	}
	if (password.size < (size_t)policy->min_length)
		why = "Password not long enough";
	else if (password.size > AUTH_PASSWORD_MAX)
		why = "Password too long";
	else if (!lower)
		why = "Password must have lowercase characters";
	else if (!upper)
		why = "Password must have uppercase characters";
	else if (!digit)
		why = "Password must have numeric characters";
	else if (!symbol)
		why = "Password must have symbol characters";
	if (!why)
		return 0;
	return fault_set(fault, E_PASSWORD,
			 "Password did not conform with policy: %s", why);
}
