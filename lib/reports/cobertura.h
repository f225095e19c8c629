#ifndef REPORTS_COBERTURA_H
#define REPORTS_COBERTURA_H

#include "reports/coverage.h"

/*
 * Reads Cobertura's XML, as gcovr, coverage.py, istanbul, coverlet and others
 * write it:
 *
 *	<coverage ..>
 *	  <sources><source>/build</source></sources>
 *	  <packages><package ..><classes>
 *	    <class filename="src/a.c" ..>
 *	      <methods><method ..><lines>..</lines></method></methods>
 *	      <lines><line number="14" hits="3" ../></lines>
 *	    </class>
 *	  </classes></package></packages>
 *	</coverage>
 *
 * Lines of methods and of their class are joined.  What is below other elements
 * is passed over; a <line> of no class, a class without file name and a line
 * without number or hits are errors.  A negative number of hits is 0.
 *
 * These files name their DTD, so a DOCTYPE is taken; nothing is loaded for it,
 * one with declarations of its own (an internal subset) is refused, and so is
 * every entity but the five of XML.  Elements nest COBERTURA_DEPTH_MAX deep.
 *
 * On failure err says where: "line 12, column 4: ..".
 */
#define COBERTURA_DEPTH_MAX 32u /* elements */

int cobertura_read(struct arena *arena, const char *bytes, size_t len,
    struct coverage *ret, struct err *err);

#endif
