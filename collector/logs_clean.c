/* Text that may hold anything, as text that anything can hold. */
#include "collector/logs.h"

enum { MAX_CHAR = 4, MORE = sizeof "..." - 1 }; /* bytes */

/* Bytes of the character at s if it is valid UTF-8, else 0. */
static size_t char_bytes(const unsigned char *s, size_t n)
{
	size_t want = s[0] < 0x80		     ? 1
		      : s[0] >= 0xc2 && s[0] <= 0xdf ? 2
		      : s[0] >= 0xe0 && s[0] <= 0xef ? 3
		      : s[0] >= 0xf0 && s[0] <= 0xf4 ? 4
						     : 0;

	if (want == 0 || want > n)
		return 0;
	for (size_t i = 1; i < want; i++)
		if ((s[i] & 0xc0) != 0x80)
			return 0;
	/* too long for what they say, surrogates, beyond the last */
	if ((s[0] == 0xe0 && s[1] < 0xa0) || (s[0] == 0xed && s[1] > 0x9f) ||
	    (s[0] == 0xf0 && s[1] < 0x90) || (s[0] == 0xf4 && s[1] > 0x8f))
		return 0;
	return want;
}

void logs_clean(struct log_slice slice, size_t max_bytes, struct str *ret_text)
{
	size_t start = ret_text->n;

	for (size_t i = 0; i < slice.n;) {
		const unsigned char *s = (const unsigned char *)slice.s + i;
		size_t n = char_bytes(s, slice.n - i);

		if (ret_text->n - start + MAX_CHAR + MORE > max_bytes) {
			str_add(ret_text, "...");
			return;
		}
		if (n == 0)
			str_add(ret_text, "\xef\xbf\xbd");
		else if (n == 1 && (s[0] < 0x20 || s[0] == 0x7f))
			str_add(ret_text, " ");
		else
			str_add_n(ret_text, slice.s + i, n);
		i += n ? n : 1;
	}
}
