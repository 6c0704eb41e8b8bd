// The sentences of a provider's error body, each with the field it is said of. Pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace ccr::adapt {

struct Statement {
    std::string text;   // lower case
    std::string field;  // as told beside the text (`param`, `loc`), "" = not told
};

/// Everything said in `body`: error objects of any nesting, JSON inside strings (aggregators quote
/// the provider behind them so), lists of validators; a body that is no JSON is one statement.
std::vector<Statement> statements_of(std::string_view body);

}  // namespace ccr::adapt
