#include "base/text.h"

#include <string.h>

/*
 * Look-alikes.  The tables below follow Unicode 15: compatibility decomposition
 * without marks (UAX #15), and of confusables.txt (UTS #39) what looks like an
 * ASCII letter in Latin, Greek and Cyrillic.  Letters that a file system takes
 * for the same (upper and lower case) get the same skeleton, except the Greek
 * capitals Eta, Nu, Mu and Upsilon, which look like other letters than their
 * small forms do.
 */

/* A run of characters and what each is replaced by: '~' stands for itself. */
struct run {
	uint32_t first;
	const char *to;
};

static const struct run runs[] = {
	{ 0x00a0, /* Latin-1 */
	    " ~~~~~~~~~a~~~~~~~23~u~~~1o~~~~~aaaaaa~ceeeeiiii~nooooo~ouuuuy~~"
	    "aaaaaa~ceeeeiiii~nooooo~ouuuuy~y" },
	{ 0x0100, /* Latin Extended-A and -B */
	    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii~~jjkkkllllll~"
	    "~llnnnnnn~~~oooooo~~rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs"
	    "bbbbb~~ccdddd~~~~ffg~~~ikkl~~nn~oo~~pp~~~~~ttttuu~vyyzz~~~~~~s~~"
	    "~~~~~~~~~~~~~aaiioouuuuuuuuuu~aaaa~~~~ggkkoooo~~j~~~gg~~nnaa~~oo"
	    "aaaaeeeeiiiioooorrrruuuusstt~~hh~~~~zzaaeeooooooooyy~~~j~~acclts"
	    "z~~bu~eejj~~rryy" },
	{ 0x0250, /* IPA, modifiers */
	    "~a~~~~~~~~~~~~~~~gg~~~~~iii~~~~~~~~~n~~~~~~~~~~~r~~~~~~~~u~v~~~y"
	    "~~~~~~~~~b~~h~~l~~~~~~~~~~~~~~~~h~jr~~~wy~~~~~~~~~~~~~~~~~~~~~~~"
	    "~~~~~~~~~~~~~~~~~lsx" },
	{ 0x0370, /* Greek */
	    "~~~~~~~~~~~~~~~j~~~~~~a~ehi~o~y~iab~~ezh~ik~mn~o~p~~ty~x~~iyaeni"
	    "uaby~ezn~ik~uv~o~psotu~x~~iuou~~b~yyy~~~~~~~ff~~~~~~~~~~~~~~~~~~"
	    "kpcj~e~~~cm" },
	{ 0x0400, /* Cyrillic */
	    "ee~~~siij~~~k~y~a~b~~e~~~~k~mho~pcty~x~~~~~~b~~~a~b~~e~~~~k~mho~"
	    "pcty~x~~~~~~b~~~ee~~~siij~~~k~y~~~~~~~~~~~~~~~~~~~~~vvvv~~~~~~~~"
	    "~~~~~~~~~~~~~~~~~~ff~~~~~~kkkkkkkkhh~~~~~~ccttyyyyxx~~~~~~hh~~~~"
	    "l~~kk~~hhhh~~mmlaaaa~~ee~~~~~~~~~~~~~~oo~~~~~~yyyyyy~~~~~~~~~~~~"
	    "dd~~~~~~~~~~gg~~~~~~~~~~~~qqww" },
	{ 0x1d00, /* small capitals */
	    "a~~~cd~e~~jk~m~o~~~~~~~~p~~tu~~~" },
	{ 0x1d20, /* phonetic */
	    "vwz~~~~~~~~~a~b~de~ghijklmn~o~prtuwa~a~bde~~~g~km~o~~~ptu~~v~by~"
	    "~xiruvbyp~x~~~~~~~~~~~~~h~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~c~~~"
	    "f~g~iii~~~~l~~~~n~~~~tu~~v~z" },
	{ 0x1e00, /* Latin Extended Additional */
	    "aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmm"
	    "mmmmnnnnnnnnoooooooopppprrrrrrrrssssssssssttttttttuuuuuuuuuuvvvv"
	    "wwwwwwwwwwxxxxyyzzzzzzhtwy~s~~~~aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee"
	    "eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy" },
	{ 0x1f00, /* Greek Extended */
	    "aaaaaaaaaaaaaaaaeeeeee~~eeeeee~~nnnnnnnnhhhhhhhhiiiiiiiiiiiiiiii"
	    "oooooo~~oooooo~~uuuuuuuu~y~y~y~y~~~~~~~~~~~~~~~~aaeenniioouu~~~~"
	    "aaaaaaaaaaaaaaaannnnnnnnhhhhhhhh~~~~~~~~~~~~~~~~aaaaa~aaaaaaa~i~"
	    "~~nnn~nneehhh~~~iiii~~iiiiii~~~~uuuuppuuyyyyp~~~~~~~~~~~oo" },
	{ 0x2000, /* punctuation */
	    "           ~~~~~------~~~~~~~~~~~~~~.~~~~~~~~~~ ~~~~~~~~~~~~~~~~"
	    "~~~~/~~~~~~~~~~~~~~~~~~~~~~~~~~ " },
	{ 0x2070, /* super- and subscripts */
	    "0i~~456789+-~()n0123456789+-~()~aeox~hklmnpst" },
	{ 0x2100, /* letterlike, Roman numerals */
	    "~~c~~~~~~~ghhhhhiill~n~~~pqrrr~~~~~~z~~~z~kabc~eef~mo~~~~i~~~y~~"
	    "~~~~~ddeij~~~~~~~~~~~~~~~~~~~~~~i~~~v~~~~x~~lcdmi~~~v~~~~x~~"
	    "lcdm" },
	{ 0x2212, /* operators */
	    "-~~/" },
	{ 0x2460, /* circled */
	    "123456789~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~"
	    "~~~~~~~~~~~~~~~~~~~~~~abcdefghijklmnopqrstuvwxyzabcdefghijklmnop"
	    "qrstuvwxyz0" },
	{ 0xa730, /* Latin Extended-D */
	    "fs" },
	{ 0xa7f0, /* Latin Extended-D */
	    "~~cfq~~~h" },
};

/* Characters of which all of a range become one. */
struct range {
	uint32_t first, last;
	uint32_t to; /* 0: dropped */
};

static const struct range ranges[] = {
	{ 0x0300, 0x036f, 0 },      /* combining marks */
	{ 0x0393, 0x0393, 'y' },    /* as its small letter gamma */
	{ 0x03a3, 0x03a3, 'o' },    /* as sigma */
	{ 0x038f, 0x038f, 0x03c9 }, /* Greek omega with its marks */
	{ 0x03ce, 0x03ce, 0x03c9 },
	{ 0x0419, 0x0419, 0x0438 }, /* Cyrillic letters with a mark */
	{ 0x0439, 0x0439, 0x0438 },
	{ 0x0403, 0x0403, 0x0433 },
	{ 0x0453, 0x0453, 0x0433 },
	{ 0x040d, 0x040d, 0x0438 },
	{ 0x045d, 0x045d, 0x0438 },
	{ 0x0483, 0x0489, 0 },
	{ 0x04c1, 0x04c2, 0x0436 },
	{ 0x04e2, 0x04e5, 0x0438 },
	{ 0x1680, 0x1680, ' ' },
	{ 0x1ab0, 0x1aff, 0 },
	{ 0x1dc0, 0x1dff, 0 },
	{ 0x1f60, 0x1f6f, 0x03c9 },
	{ 0x1f7c, 0x1f7d, 0x03c9 },
	{ 0x1fa0, 0x1faf, 0x03c9 },
	{ 0x20d0, 0x20ff, 0 },
	{ 0x3000, 0x3000, ' ' },
	{ 0xfe20, 0xfe2f, 0 },
	{ 0xfe52, 0xfe52, '.' },
	{ 0xfe58, 0xfe58, '-' },
	{ 0xfe63, 0xfe63, '-' },
};

/* Letters that become several; never more bytes than they have. */
static const struct {
	uint32_t c;
	const char *to;
} several[] = {
	{ 0x00df, "ss" },
	{ 0x0132, "ij" },
	{ 0x0133, "ij" },
	{ 0x1e9e, "ss" },
	{ 0xfb00, "ff" },
	{ 0xfb01, "fi" },
	{ 0xfb02, "fl" },
	{ 0xfb03, "ffi" },
	{ 0xfb04, "ffl" },
	{ 0xfb05, "st" },
	{ 0xfb06, "st" },
};

static uint32_t fold_ascii(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + 32 : c;
}

/* Mathematical letters and digits: the alphabet over and over. */
static uint32_t fold_mathematical(uint32_t c)
{
	if (c >= 0x1d400 && c <= 0x1d6a3)
		return 'a' + (c - 0x1d400) % 26;
	if (c == 0x1d6a4 || c == 0x1d6a5)
		return c == 0x1d6a4 ? 'i' : 'j';
	if (c >= 0x1d7ce && c <= 0x1d7ff)
		return '0' + (c - 0x1d7ce) % 10;
	return c;
}

/* Case of the Greek and Cyrillic letters that look like no ASCII letter. */
static uint32_t fold_case(uint32_t c)
{
	if ((c >= 0x0391 && c <= 0x03a9 && c != 0x03a2) ||
	    (c >= 0x0410 && c <= 0x042f))
		return c + 32;
	if (c >= 0x0400 && c <= 0x040f)
		return c + 80;
	if ((c >= 0x0460 && c <= 0x0481) || (c >= 0x048a && c <= 0x04bf) ||
	    (c >= 0x04d0 && c <= 0x052f))
		return c | 1;
	return c;
}

static uint32_t fold_range(uint32_t c)
{
	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return ranges[i].to;
	return c;
}

static uint32_t fold_run(uint32_t c)
{
	for (size_t i = 0; i < sizeof(runs) / sizeof(*runs); i++) {
		const char *to = runs[i].to;

		if (c < runs[i].first)
			break;
		if (c - runs[i].first >= strlen(to))
			continue;
		to += c - runs[i].first;
		return *to == '~' ? c : (unsigned char)*to;
	}
	return c;
}

/* What one character is replaced by; 0 when it is dropped. */
static uint32_t fold(uint32_t c)
{
	uint32_t to;

	if (c < 0x80)
		return fold_ascii(c);
	if (char_is_hidden(c))
		return 0;
	if (c >= 0xff01 && c <= 0xff5e) /* full width */
		return fold_ascii(c - 0xfee0);
	to = fold_mathematical(c);
	if (to == c)
		to = fold_range(c);
	if (to == c)
		to = fold_run(c);
	return to == c ? fold_case(c) : to;
}

static char *put_folded(char *to, uint32_t c)
{
	uint32_t folded;

	for (size_t i = 0; i < sizeof(several) / sizeof(*several); i++) {
		if (several[i].c != c)
			continue;
		for (const char *p = several[i].to; *p; p++)
			*to++ = *p;
		return to;
	}
	folded = fold(c);
	return folded ? to + utf8_put(folded, to) : to;
}

/* Windows forgets dots and blanks at the end of a component. */
static char *trim_component(const char *start, char *end)
{
	while (end > start && (end[-1] == '.' || end[-1] == ' '))
		end--;
	return end;
}

const char *text_skeleton(struct arena *arena, const char *p, size_t len)
{
	/* No replacement is longer than what it replaces. */
	char *skeleton = arena_alloc(arena, len + 1);
	char *to = skeleton, *component = skeleton;
	uint32_t c;

	for (size_t i = 0; i < len;) {
		size_t n = utf8_decode(p + i, len - i, &c);

		if (n == 0) {
			*to++ = p[i++];
			continue;
		}
		i += n;
		to = put_folded(to, c);
		if (to > component && to[-1] == '/') {
			to = trim_component(component, to - 1);
			*to++ = '/';
			component = to;
		}
	}
	*trim_component(component, to) = '\0';
	return skeleton;
}
