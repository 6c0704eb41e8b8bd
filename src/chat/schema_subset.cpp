#include "chat/schema_subset.h"

#include "chat/schema_writer.h"
#include "json/document.h"

namespace ccr::chat {

std::string schema_subset(std::string_view schema, const SchemaRules& rules, SchemaUse use,
                          const std::string& where, Losses& losses) {
    json::Document document;
    const auto root = document.parse(schema);
    if (!root || !root->is_object()) return {};
    std::string out;
    SchemaWriter writer(*root, rules, out);
    writer.write(use);
    writer.note(where, losses);
    return out;
}

}  // namespace ccr::chat
