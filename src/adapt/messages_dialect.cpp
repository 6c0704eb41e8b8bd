// Messages endpoints that are not Anthropic's: what their documents say they do not take is mended
// in the client's own bytes. Of an endpoint that nothing is known of every byte stays.
#include "adapt/recipe.h"

namespace ccr::adapt {
namespace {

using json::PatchCondition;

json::WirePatch with_where(json::WirePatch patch, PatchCondition condition) {
    patch.where = std::move(condition);
    return patch;
}

// A system turn says something between two turns: a user's turn can say it too.
void add_system_turns(json::Patches& out) {
    out.push_back(with_where(json::set_value("/messages/*/role", R"("user")"),
                             PatchCondition{"", R"("system")"}));
}

void add_fixed_thinking(json::Patches& out) {
    out.push_back(with_where(json::set_value("/thinking", R"({"type":"enabled"})"),
                             PatchCondition{"/type", R"("adaptive")"}));
}

void add_tool_references(json::Patches& out) {
    out.push_back(with_where(
        json::set_value("/messages/*/content/*/content/*",
                        R"x({"type":"text","text":"(the tools asked for are available now)"})x"),
        PatchCondition{"/type", R"("tool_reference")"}));
    out.push_back(json::remove_value("/tools/*/defer_loading"));
}

// The billing line changes with every request and would spoil the endpoint's prompt cache.
void add_attribution(json::Patches& out) {
    out.push_back(with_where(
        json::remove_value("/system/*"),
        PatchCondition{"/text", "x-anthropic-billing-header", PatchCondition::Kind::starts_with}));
}

}  // namespace

json::Patches messages_patches(const config::MessagesDialect& dialect) {
    json::Patches out;
    if (dialect.system_turns == false) add_system_turns(out);
    if (dialect.adaptive_thinking == false) add_fixed_thinking(out);
    if (dialect.tool_reference == false) add_tool_references(out);
    if (dialect.betas == false) {
        for (const char* member : {"/context_management", "/output_config", "/speed", "/betas"})
            out.push_back(json::remove_value(member));
    }
    if (dialect.attribution == false) add_attribution(out);
    return out;
}

}  // namespace ccr::adapt
