// Which code points may stand in a name without quotes: IdentifierStart and IdentifierPart of
// ECMAScript 5.1, section 7.6, which JSON5 borrows. Pure functions.
#pragma once

namespace ccr::config {

bool starts_identifier(char32_t c);
bool continues_identifier(char32_t c);

}  // namespace ccr::config
