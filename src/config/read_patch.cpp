// One declared edit of a request: `patch` of a provider and of a rule.
#include <fmt/format.h>

#include "config/known_keys.h"
#include "config/reading.h"

namespace ccr::config {
namespace {

struct PatchWord {
    std::string_view name;
    json::PatchKind kind;
};
constexpr PatchWord kPatchWords[] = {{"set", json::PatchKind::set},
                                     {"default", json::PatchKind::set_default},
                                     {"delete", json::PatchKind::remove},
                                     {"rename", json::PatchKind::rename},
                                     {"clamp", json::PatchKind::clamp}};

struct Reader {
    const Reading& reading;
    std::string_view of;  // "a patch of provider x"

    std::nullopt_t refuse(const Node& node, std::string_view why) const {
        reading.report.warn("invalid-patch", node.place(),
                            fmt::format("{} is ignored: {}", of, why));
        return std::nullopt;
    }
};

// What the operation needs beside its pointer; "" when it has it.
std::string read_operand(const Reading& reading, const Node& node, json::WirePatch& patch) {
    using json::PatchKind;
    switch (patch.kind) {
        case PatchKind::set:
        case PatchKind::set_default:
            patch.value = node.any_of({"value"}).json();
            return patch.value.empty() ? "add \"value\"" : "";
        case PatchKind::rename:
            patch.value = text_of(reading, node.any_of({"to"}), "\"to\" of a patch").value_or("");
            return patch.value.empty() ? "add the new name as \"to\"" : "";
        case PatchKind::clamp:
            patch.least = number_of(reading, node.any_of({"min"}), "\"min\" of a patch");
            patch.most = number_of(reading, node.any_of({"max"}), "\"max\" of a patch");
            if (!patch.least && !patch.most) return "add \"min\" or \"max\"";
            return patch.least && patch.most && *patch.least > *patch.most
                       ? "\"min\" is above \"max\""
                       : "";
        case PatchKind::remove:
            break;
    }
    return "";
}

void read_condition(const Node& node, json::WirePatch& patch) {
    for (const auto& [pointer, value] : node.members())
        patch.when = json::PatchCondition{pointer, value.json()};
}

}  // namespace

std::optional<json::WirePatch> read_wire_patch(const Reading& reading, const Node& node,
                                               std::string_view of) {
    const Reader reader{reading, of};
    if (!node.is_object())
        return reader.refuse(node, "it should be an object such as {\"delete\": \"/x\"}");
    check_names(node, kPatchSection, reading.report);
    json::WirePatch patch;
    Node at;
    for (const PatchWord& word : kPatchWords) {
        const Node found = node.any_of({word.name});
        if (!found) continue;
        if (at) return reader.refuse(node, "it does two things; write two patches");
        at = found;
        patch.kind = word.kind;
    }
    if (!at) return reader.refuse(node, "it needs one of set, default, delete, rename, clamp");
    patch.pointer = at.text().value_or("");
    if (const std::string wrong = json::check_pointer(patch.pointer); !wrong.empty())
        return reader.refuse(at, wrong);
    if (const std::string wrong = read_operand(reading, node, patch); !wrong.empty())
        return reader.refuse(node, wrong);
    read_condition(node.any_of({"when"}), patch);
    return patch;
}

}  // namespace ccr::config
