#include "report/text.h"
#include "lib/mem.h"
#include "lib/str.h"
#include <stdbool.h>
#include <string.h>

/* Decodes one character of s. Returns its bytes, 0 where s holds no valid UTF-8. */
static size_t decode(const unsigned char *s, uint32_t *ret_c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = s[0] < 0x80		   ? 1
		   : (s[0] & 0xe0) == 0xc0 ? 2
		   : (s[0] & 0xf0) == 0xe0 ? 3
		   : (s[0] & 0xf8) == 0xf0 ? 4
					   : 0;
	uint32_t c = n == 1 ? s[0] : s[0] & (0x7fU >> n);

	for (size_t i = 1; i < n; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (!n || c < least[n] || c > 0x10ffff || (c >= 0xd800 && c < 0xe000))
		return 0;
	*ret_c = c;
	return n;
}

size_t text_char(const char *s)
{
	uint32_t c = 0;

	return decode((const unsigned char *)s, &c);
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0xfffe || c == 0xffff ||
	       (c >= 0x202a && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069); /* turn the line round */
}

char *text_clean(const char *s)
{
	struct str out = STR_INIT;

	if (!s)
		return NULL;
	while (*s) {
		uint32_t c = 0;
		size_t n = decode((const unsigned char *)s, &c);

		if (!n)
			str_add(&out, "\xef\xbf\xbd");
		else if (c == '\t' || c == '\n')
			str_add(&out, " ");
		else if (!is_control(c))
			str_add_n(&out, s, n);
		s += n ? n : 1;
	}
	return str_take(&out);
}

char *text_column(const struct store_row *row, int column)
{
	return text_clean(store_text(row, column));
}

static size_t width_of(uint32_t c)
{
	static const struct {
		uint32_t first, last;
	} wide[] = {{0x1100, 0x115f},	{0x2e80, 0xa4cf},   {0xac00, 0xd7a3},  {0xf900, 0xfaff},
		    {0xfe30, 0xfe6f},	{0xff00, 0xff60},   {0xffe0, 0xffe6},  {0x1f300, 0x1f64f},
		    {0x1f680, 0x1f6ff}, {0x1f900, 0x1f9ff}, {0x20000, 0x3fffd}};

	if ((c >= 0x300 && c <= 0x36f) || c == 0x200b || c == 0x200d ||
	    (c >= 0xfe00 && c <= 0xfe0f))
		return 0;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (c >= wide[i].first && c <= wide[i].last)
			return 2;
	return 1;
}

size_t text_width(const char *s)
{
	size_t width = 0;

	while (*s) {
		uint32_t c = 0;
		size_t n = decode((const unsigned char *)s, &c);

		width += n ? width_of(c) : 1;
		s += n ? n : 1;
	}
	return width;
}

size_t text_prefix(const char *s, size_t n_chars)
{
	const char *p = s;

	while (*p && n_chars--) {
		p++;
		while (((unsigned char)*p & 0xc0) == 0x80)
			p++;
	}
	return (size_t)(p - s);
}

/* Bytes of the start of word that goes into a line of so many columns: all of it, or up to a slash,
 * or what fits; one character at least. */
static size_t piece_of(const char *word, size_t n, size_t columns)
{
	size_t at = 0, after_slash = 0, width = 0;

	while (at < n) {
		uint32_t c = 0;
		size_t bytes = decode((const unsigned char *)word + at, &c);

		width += bytes ? width_of(c) : 1;
		if (at && width > columns)
			return after_slash ? after_slash : at;
		at += bytes ? bytes : 1;
		if (c == '/')
			after_slash = at;
	}
	return n;
}

void text_add_wrapped(struct str *str, const char *mark, const char *text)
{
	size_t indent = text_width(mark), column = indent;
	bool joined = true; /* to what is there: no space between */

	str_add(str, mark);
	while (*text) {
		size_t n = piece_of(text, strcspn(text, " "), TEXT_COLUMNS - indent);
		char *word = mem_strndup(text, n);
		size_t width = text_width(word);

		if (column > indent && (joined || column + 1 + width > TEXT_COLUMNS)) {
			str_addf(str, "\n%*s", (int)indent, "");
			column = indent;
		} else if (column > indent) {
			str_add(str, " ");
			column++;
		}
		str_add(str, word);
		column += width;
		free(word);
		text += n;
		joined = *text && *text != ' ';
		text += strspn(text, " ");
	}
	str_add(str, "\n");
}
