#include "report/html.h"
#include "lib/hash.h"
#include "lib/mem.h"
#include "report/text.h"
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>

static bool is_plain(const char *s)
{
	while (*s >= 0x20 && *s < 0x7f)
		s++;
	return !*s;
}

static const char *entity_of(char c)
{
	switch (c) {
	case '&':
		return "&amp;";
	case '<':
		return "&lt;";
	case '>':
		return "&gt;";
	case '"':
		return "&quot;";
	case '\'':
		return "&#39;";
	default:
		return NULL;
	}
}

void html_text(struct str *out, const char *text)
{
	char *clean = text && !is_plain(text) ? text_clean(text) : NULL;
	const char *s = clean ? clean : text;

	while (s && *s) {
		size_t n = strcspn(s, "&<>\"'");

		str_add_n(out, s, n);
		s += n;
		if (*s)
			str_add(out, entity_of(*s++));
	}
	free(clean);
}

/* One conversion: what stands between % and its letter. */
struct spec {
	bool plus;     /* a sign before what is not negative */
	int precision; /* -1: none */
	char length;   /* 0, l, L (ll), z or j */
	char letter;
};

/* Reads the conversion behind a %. Returns what comes after it. */
static const char *read_spec(const char *s, struct spec *spec, va_list *args)
{
	*spec = (struct spec){.precision = -1, .plus = *s == '+'};
	s += spec->plus;
	if (*s == '.' && s[1] == '*') {
		spec->precision = va_arg(*args, int);
		s += 2;
	} else if (*s == '.') {
		spec->precision = 0;
		for (s++; *s >= '0' && *s <= '9'; s++)
			spec->precision = spec->precision * 10 + (*s - '0');
	}
	if (*s == 'l' || *s == 'z' || *s == 'j')
		spec->length = *s++;
	if (spec->length == 'l' && *s == 'l') {
		spec->length = 'L';
		s++;
	}
	spec->letter = *s;
	return *s ? s + 1 : s;
}

static void add_integer(struct str *out, char length, va_list *args)
{
	switch (length) {
	case 'l':
		str_addf(out, "%ld", va_arg(*args, long));
		break;
	case 'L':
		str_addf(out, "%lld", va_arg(*args, long long));
		break;
	case 'z':
		str_addf(out, "%zd", va_arg(*args, ssize_t));
		break;
	case 'j':
		str_addf(out, "%jd", va_arg(*args, intmax_t));
		break;
	default:
		str_addf(out, "%d", va_arg(*args, int));
	}
}

static void add_value(struct str *out, const struct spec *spec, va_list *args)
{
	int precision = spec->precision < 0 ? 6 : spec->precision;

	switch (spec->letter) {
	case '%':
		str_add(out, "%");
		break;
	case 's':
		html_text(out, va_arg(*args, const char *));
		break;
	case 'd':
	case 'u': /* counts: none comes near the sign */
		add_integer(out, spec->length, args);
		break;
	case 'f':
		str_addf(out, spec->plus ? "%+.*f" : "%.*f", precision, va_arg(*args, double));
		break;
	case 'g':
		str_addf(out, "%.*g", precision, va_arg(*args, double));
		break;
	default:
		abort();
	}
}

void html_add(struct str *out, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	while (*fmt) {
		size_t n = strcspn(fmt, "%");
		struct spec spec;

		str_add_n(out, fmt, n);
		fmt += n;
		if (!*fmt)
			break;
		fmt = read_spec(fmt + 1, &spec, &args);
		add_value(out, &spec, &args);
	}
	va_end(args);
}

static unsigned char nibble(char hex)
{
	return (unsigned char)(hex <= '9' ? hex - '0' : hex - 'a' + 10);
}

char *html_hash(const char *content)
{
	static const char digits[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	char hex[HASH_HEX_SIZE];
	unsigned char raw[33] = {0}; /* one more than the 32: base64 takes three at a time */
	struct str text = STR_INIT;

	hash_sha256_hex(content, strlen(content), hex);
	for (size_t i = 0; i < 32; i++)
		raw[i] = (unsigned char)(nibble(hex[2 * i]) << 4 | nibble(hex[2 * i + 1]));
	str_add(&text, "'sha256-");
	for (size_t i = 0; i < 33; i += 3) {
		uint32_t three = (uint32_t)(raw[i] << 16 | raw[i + 1] << 8 | raw[i + 2]);

		for (int k = 18; k >= 0; k -= 6)
			str_addf(&text, "%c", digits[three >> k & 63]);
	}
	text.s[text.n - 1] = '='; /* for the byte that is not there */
	str_add(&text, "'");
	return str_take(&text);
}
