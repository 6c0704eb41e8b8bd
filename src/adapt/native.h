// The adapters that a target gets without being asked, because its protocol or its preset says so.
// Each is made only where the conversation at hand gives it something to do.
#pragma once

#include "adapt/recipe.h"

namespace ccr::adapt {

void add_native(const Situation& situation, Recipe& recipe);

/// Tool names over 64 characters, or with characters that most providers refuse, under an alias;
/// nullptr when every name will do.
std::unique_ptr<Adapter> tool_names(const chat::Conversation& conversation);

/// Images as a note in the text, for a model that cannot see; nullptr when there are none.
std::unique_ptr<Adapter> without_images(const chat::Conversation& conversation);

/// Reasoning beside tool calls under the name that the provider wants it back by.
std::unique_ptr<Adapter> reasoning_back(std::string provider, std::string field);

/// The search that the provider runs in place of a client's own provider's, where the preset has
/// one; nullptr when none is asked for.
std::unique_ptr<Adapter> provider_search(const Situation& situation);

/// Schemas of tools and of the answer in Moonshot's subset (moonshot_schema.h), and a loss for each
/// keyword left out; nullptr at other providers and when all of them are in it.
std::unique_ptr<Adapter> moonshot_schemas(const Situation& situation);

/// JSON mode in place of an answer's schema, which is lost, where the preset's patches ask for
/// that; nullptr when there is no schema.
std::unique_ptr<Adapter> json_mode(const Situation& situation);

/// Cache marks of tools as patches of the encoded tools, at providers that document them there;
/// nullptr at others and when there are none. `patches`: those of the transformers, which may want
/// every mark away.
std::unique_ptr<Adapter> tool_marks(const Situation& situation, const json::Patches& patches);

/// Tool calls that a model writes into its text between <tool_call> tags.
std::unique_ptr<Adapter> text_tool_calls();

}  // namespace ccr::adapt
