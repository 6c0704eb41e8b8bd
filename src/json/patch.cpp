#include "json/patch.h"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "json/splice.h"
#include "json/writer.h"

namespace ccr::json {
namespace {

using Tokens = std::vector<std::string>;
using Path = std::span<const std::string>;

// RFC 6901: "/" separates, "~1" is "/" and "~0" is "~".
Tokens tokens_of(std::string_view pointer) {
    Tokens out;
    while (!pointer.empty()) {
        pointer.remove_prefix(1);
        const std::string_view raw = pointer.substr(0, pointer.find('/'));
        pointer.remove_prefix(raw.size());
        std::string token;
        for (std::size_t i = 0; i < raw.size(); ++i) {
            const bool escape = raw[i] == '~' && i + 1 < raw.size();
            token += !escape ? raw[i] : raw[i + 1] == '1' ? '/' : '~';
            i += escape ? 1 : 0;
        }
        out.push_back(std::move(token));
    }
    return out;
}

std::optional<std::size_t> index_of(const std::string& token) {
    std::size_t index = 0;
    const auto [end, error] = std::from_chars(token.data(), token.data() + token.size(), index);
    if (error != std::errc() || end != token.data() + token.size()) return std::nullopt;
    return index;
}

View child(View parent, const std::string& token) {
    if (parent.is_object()) return parent[token];
    const auto index = parent.is_array() ? index_of(token) : std::nullopt;
    std::size_t at = 0;
    for (const View element : parent.elements()) {
        if (index && at++ == *index) return element;
    }
    return {};
}

View find(View from, std::string_view pointer) {
    for (const std::string& token : tokens_of(pointer)) from = child(from, token);
    return from;
}

bool holds(const std::optional<PatchCondition>& condition, View from) {
    if (!condition) return true;
    const View value = find(from, condition->pointer);
    if (!value) return false;
    if (condition->kind == PatchCondition::Kind::starts_with)
        return value.text().decode().starts_with(condition->value);
    return condition->value.empty() ? !value.is_null() : value.raw() == condition->value;
}

std::string quoted(std::string_view plain) {
    std::string out;
    Writer(out).string(plain);
    return out;
}

// Whole numbers without exponent: servers read token counts as integers.
std::string number_text(double value) {
    std::string text;
    if (value == std::floor(value) && std::abs(value) < 1e15)
        Writer(text).integer(static_cast<std::int64_t>(value));
    else
        Writer(text).number(value);
    return text;
}

// {"a":{"b":value}} for what is left of a path below a member that does not exist.
std::string nested(Path rest, std::string_view value) {
    std::string out(value);
    for (std::size_t i = rest.size(); i-- > 0;) out = "{" + quoted(rest[i]) + ":" + out + "}";
    return out;
}

// One patch on one document: the splices that carry it out.
class Application {
  public:
    Application(const WirePatch& patch, View root) : patch_(patch), root_(root) {}

    std::vector<Splice> splices() {
        const Tokens path = tokens_of(patch_.pointer);
        if (!path.empty() && holds(patch_.when, root_)) walk(root_, path);
        return std::move(splices_);
    }

  private:
    void walk(View at, Path path) {
        if (path.size() == 1) return edit(at, path.front());
        if (path.front() == "*") {
            for (const View element : at.elements()) walk(element, path.subspan(1));
            return;
        }
        if (const View next = child(at, path.front()))
            walk(next, path.subspan(1));
        else
            create(at, path);
    }

    bool creates() const {
        return patch_.kind == PatchKind::set || patch_.kind == PatchKind::set_default;
    }

    void create(View object, Path path) {
        if (!creates() || patch_.where || !object.is_object()) return;
        if (std::ranges::find(path, "*") != path.end()) return;
        std::string key = quoted(path.front());
        splices_.push_back(add_member(object, std::string_view(key).substr(1, key.size() - 2),
                                      nested(path.subspan(1), patch_.value)));
    }

    void edit(View parent, const std::string& token) {
        if (patch_.kind == PatchKind::remove) return remove(parent, token);
        if (parent.is_array() && token == "-" && creates()) return append(parent);
        if (token == "*") {
            for (const View element : parent.elements()) change(element);
        } else if (patch_.kind == PatchKind::rename) {
            rename(parent, token);
        } else if (const View value = child(parent, token)) {
            change(value);
        } else {
            create(parent, {&token, 1});
        }
    }

    void append(View array) {
        const std::string comma = array.has_elements() ? "," : "";
        splices_.push_back({array.end() - 1, array.end() - 1, comma + patch_.value});
    }

    void change(View value) {
        if (!holds(patch_.where, value)) return;
        if (patch_.kind == PatchKind::set && value.raw() != patch_.value)
            splices_.push_back(replace(value, patch_.value));
        if (patch_.kind == PatchKind::set_default && value.is_null())
            splices_.push_back(replace(value, patch_.value));
        if (patch_.kind == PatchKind::clamp) clamp(value);
    }

    void clamp(View value) {
        const auto number = value.number();
        if (!number) return;
        double bounded = *number;
        if (patch_.most) bounded = std::min(bounded, *patch_.most);
        if (patch_.least) bounded = std::max(bounded, *patch_.least);
        if (bounded == *number) return;
        splices_.push_back(replace(value, number_text(bounded)));
    }

    void rename(View object, const std::string& name) {
        if (!object.is_object() || object[patch_.value]) return;
        for (const View::Member member : object.members()) {
            if (!member.named(name) || !holds(patch_.where, member.value)) continue;
            splices_.push_back(replace(member.key_node, quoted(patch_.value)));
            return;
        }
    }

    void remove(View parent, const std::string& token) {
        if (parent.is_object()) {
            if (const View value = parent[token]; value && holds(patch_.where, value))
                cut_member(parent, token, splices_);
            return;
        }
        const auto index = index_of(token);
        std::vector<bool> keep;
        std::size_t at = 0;
        for (const View element : parent.elements()) {
            const bool named = token == "*" || (index && *index == at);
            keep.push_back(!named || !holds(patch_.where, element));
            ++at;
        }
        cut_elements(parent, keep, splices_);
    }

    const WirePatch& patch_;
    View root_;
    std::vector<Splice> splices_;
};

// Two patches of one round must not edit the same bytes: they may not share the first step, and
// what either does to the root object itself (members added, cut, renamed) must come alone.
bool shapes_root(const WirePatch& patch) {
    return std::ranges::count(patch.pointer, '/') == 1 && patch.kind != PatchKind::clamp;
}
std::string_view first_step(std::string_view pointer) {
    return pointer.substr(0, pointer.find('/', 1));
}

class Round {
  public:
    bool takes(const WirePatch& patch) const {
        if (steps_.empty()) return true;
        if (alone_ || shapes_root(patch) || patch.when) return false;
        // A path that has to be made ends in a member of the root as well.
        if (patch.kind == PatchKind::set || patch.kind == PatchKind::set_default) return false;
        return std::ranges::find(steps_, first_step(patch.pointer)) == steps_.end();
    }
    void add(const WirePatch& patch) {
        steps_.push_back(first_step(patch.pointer));
        alone_ = alone_ || shapes_root(patch) || patch.kind == PatchKind::set ||
                 patch.kind == PatchKind::set_default;
    }

  private:
    std::vector<std::string_view> steps_;
    bool alone_ = false;
};

}  // namespace

WirePatch set_value(std::string pointer, std::string json) {
    return {PatchKind::set, std::move(pointer), std::move(json), {}, {}, {}, {}};
}
WirePatch set_default(std::string pointer, std::string json) {
    return {PatchKind::set_default, std::move(pointer), std::move(json), {}, {}, {}, {}};
}
WirePatch remove_value(std::string pointer) {
    return {PatchKind::remove, std::move(pointer), "", {}, {}, {}, {}};
}
WirePatch rename_member(std::string pointer, std::string name) {
    return {PatchKind::rename, std::move(pointer), std::move(name), {}, {}, {}, {}};
}
WirePatch clamp_most(std::string pointer, double most) {
    return {PatchKind::clamp, std::move(pointer), "", {}, most, {}, {}};
}

std::string check_pointer(std::string_view pointer) {
    if (!pointer.starts_with('/') || pointer.size() < 2)
        return "a pointer starts with / and names a member, such as /temperature";
    for (std::size_t i = 0; i < pointer.size(); ++i) {
        if (pointer[i] != '~') continue;
        if (i + 1 == pointer.size() || (pointer[i + 1] != '0' && pointer[i + 1] != '1'))
            return "in a pointer ~ is written ~0 and / in a name ~1";
    }
    return "";
}

std::string apply_patches(std::string text, std::span<const WirePatch> patches) {
    Document document;
    while (!patches.empty()) {
        const auto root = document.parse(text);
        if (!root) return text;
        Round round;
        std::vector<Splice> splices;
        std::size_t taken = 0;
        // The first that changes anything opens the round; what changes nothing costs no parse.
        while (taken < patches.size()) {
            const WirePatch& patch = patches[taken];
            if (!splices.empty() && !round.takes(patch)) break;
            std::vector<Splice> own = Application(patch, *root).splices();
            if (!own.empty()) round.add(patch);
            std::ranges::move(own, std::back_inserter(splices));
            ++taken;
        }
        patches = patches.subspan(taken);
        if (!splices.empty()) text = json::apply(text, std::move(splices));
    }
    return text;
}

SplicedText apply_patches(SplicedText text, std::span<const WirePatch> patches) {
    if (patches.empty()) return text;
    return SplicedText(apply_patches(std::move(text).take(), patches));
}

}  // namespace ccr::json
