#include "demo/schema_sample.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "json/document.h"
#include "json/utf8.h"
#include "json/writer.h"

namespace ccr::demo {
namespace {

using json::Text;
using json::View;
using json::Writer;

constexpr int kDepth = 24;  // a schema that requires itself has no finite value
constexpr std::size_t kMostBytes = 64 * 1024;
constexpr std::size_t kSchemasAtOnce = 256;
constexpr std::int64_t kLongest = 4096;  // of what minLength and minItems may demand

class Sampler {
  public:
    Sampler(View root, std::string_view filler) : root_(root), filler_(filler) {}
    void sample(Writer& w) const {
        std::vector<View> schemas;
        flatten(root_, schemas, 0);
        write(w, schemas, 0);
    }

  private:
    /// Appends a value for all of `schemas` at once (allOf makes them several).
    void write(Writer& w, const std::vector<View>& schemas, int depth) const;
    View resolve(View schema) const;
    void flatten(View schema, std::vector<View>& out, int depth) const;
    void write_object(Writer& w, const std::vector<View>& schemas, int depth) const;
    void write_array(Writer& w, const std::vector<View>& schemas, int depth) const;
    void write_string(Writer& w, const std::vector<View>& schemas) const;
    static void write_number(Writer& w, const std::vector<View>& schemas, bool whole);

    View root_;
    std::string_view filler_;
};

View find(const std::vector<View>& schemas, std::string_view key) {
    for (const View schema : schemas) {
        if (const View value = schema[key]) return value;
    }
    return {};
}

std::string unescaped_pointer(std::string_view token) {
    std::string out;
    for (std::size_t i = 0; i < token.size(); ++i) {
        const bool escape = token[i] == '~' && i + 1 < token.size();
        out += escape ? (token[++i] == '1' ? '/' : '~') : token[i];
    }
    return out;
}

// JSON Pointer (RFC 6901) as the fragment of a $ref.
View Sampler::resolve(View schema) const {
    const std::string pointer = schema["$ref"].text().decode();
    if (!pointer.starts_with('#')) return {};
    View at = root_;
    std::size_t from = 1;
    while (from < pointer.size() && at) {
        const std::size_t end = std::min(pointer.find('/', from + 1), pointer.size());
        at = at[unescaped_pointer(std::string_view(pointer).substr(from + 1, end - from - 1))];
        from = end;
    }
    return at;
}

bool is_null_schema(View schema) {
    return schema["type"].text().equals("null");
}

// The schemas that hold at once: this one, what it refers to, its allOf and one of its
// alternatives.
void Sampler::flatten(View schema, std::vector<View>& out, int depth) const {
    if (!schema.is_object() || depth > kDepth || out.size() > kSchemasAtOnce) return;
    out.push_back(schema);
    if (schema["$ref"].is_string()) flatten(resolve(schema), out, depth + 1);
    for (const View each : schema["allOf"].elements()) flatten(each, out, depth + 1);
    for (const std::string_view key : {"anyOf", "oneOf"}) {
        View chosen;
        for (const View each : schema[key].elements()) {
            if (!chosen || is_null_schema(chosen)) chosen = each;
        }
        if (chosen) flatten(chosen, out, depth + 1);
    }
}

std::string type_of(const std::vector<View>& schemas) {
    const View type = find(schemas, "type");
    if (type.is_string()) return type.text().decode();
    for (const View each : type.elements()) {
        if (!each.text().equals("null")) return each.text().decode();
    }
    if (type.has_elements()) return "null";
    if (find(schemas, "properties") || find(schemas, "required")) return "object";
    if (find(schemas, "items") || find(schemas, "prefixItems")) return "array";
    if (find(schemas, "minLength") || find(schemas, "format") || find(schemas, "pattern"))
        return "string";
    if (find(schemas, "minimum") || find(schemas, "maximum")) return "number";
    return "";
}

void Sampler::write_object(Writer& w, const std::vector<View>& schemas, int depth) const {
    std::vector<std::pair<std::string, std::vector<View>>> members;
    for (const View schema : schemas) {
        for (const View name : schema["required"].elements()) {
            std::string key = name.text().decode();
            const bool known =
                std::ranges::any_of(members, [&](const auto& m) { return m.first == key; });
            if (!known && name.is_string())
                members.emplace_back(std::move(key), std::vector<View>());
        }
    }
    w.open_object();
    for (auto& [key, shapes] : members) {
        for (const View schema : schemas) {
            if (const View shape = schema["properties"][key]) flatten(shape, shapes, 0);
        }
        std::string escaped;
        json::escape_to(escaped, key);
        w.escaped_key(Text::from_escaped(escaped));
        write(w, shapes, depth + 1);
    }
    w.close_object();
}

void Sampler::write_array(Writer& w, const std::vector<View>& schemas, int depth) const {
    const std::int64_t wanted = find(schemas, "minItems").integer().value_or(0);
    std::vector<View> first;
    for (const View each : find(schemas, "prefixItems").elements()) first.push_back(each);
    w.open_array();
    for (std::int64_t i = 0; i < std::min(wanted, kLongest) && w.out().size() < kMostBytes; ++i) {
        std::vector<View> shapes;
        const auto at = static_cast<std::size_t>(i);
        flatten(at < first.size() ? first[at] : find(schemas, "items"), shapes, 0);
        write(w, shapes, depth + 1);
    }
    w.close_array();
}

std::string_view sample_of_format(Text format) {
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> kFormats = {{
        {"date-time", "2000-01-01T00:00:00Z"},
        {"date", "2000-01-01"},
        {"time", "00:00:00Z"},
        {"duration", "PT0S"},
        {"email", "demo@example.com"},
        {"uri", "https://example.com/"},
        {"hostname", "example.com"},
        {"ipv4", "127.0.0.1"},
        {"ipv6", "::1"},
        {"uuid", "00000000-0000-4000-8000-000000000000"},
    }};
    for (const auto& [name, sample] : kFormats) {
        if (format.equals(name)) return sample;
    }
    return {};
}

void Sampler::write_string(Writer& w, const std::vector<View>& schemas) const {
    const std::string_view sample = sample_of_format(find(schemas, "format").text());
    if (!sample.empty()) return void(w.string(sample));
    const auto bound = [&](std::string_view key, std::int64_t otherwise) {
        const std::int64_t value = find(schemas, key).integer().value_or(otherwise);
        return static_cast<std::size_t>(std::clamp<std::int64_t>(value, 0, kLongest));
    };
    std::string text(json::utf8_prefix(filler_, bound("maxLength", kLongest)));
    text.resize(std::max(text.size(), bound("minLength", 0)), 'x');
    w.string(text);
}

void Sampler::write_number(Writer& w, const std::vector<View>& schemas, bool whole) {
    const auto bound = [&](std::string_view key) { return find(schemas, key).number(); };
    const double step = std::max(bound("multipleOf").value_or(whole ? 1.0 : 0.5), 1e-9);
    const auto least = bound("minimum"), above = bound("exclusiveMinimum");
    const auto most = bound("maximum"), below = bound("exclusiveMaximum");
    double value = 0;
    if (least && value < *least) value = std::ceil(*least / step) * step;
    if (above && value <= *above) value = (std::floor(*above / step) + 1) * step;
    if (most && value > *most) value = std::floor(*most / step) * step;
    if (below && value >= *below) value = (std::ceil(*below / step) - 1) * step;
    if (whole || value == std::floor(value))
        w.integer(static_cast<std::int64_t>(value));
    else
        w.number(value);
}

void Sampler::write(Writer& w, const std::vector<View>& schemas, int depth) const {
    for (const std::string_view key : {"const", "default"}) {
        if (const View value = find(schemas, key)) return void(w.raw(value.raw()));
    }
    if (const View choices = find(schemas, "enum"); choices.has_elements()) {
        return void(w.raw((*choices.elements().begin()).raw()));
    }
    const bool too_much = depth > kDepth || w.out().size() > kMostBytes;
    const std::string type = too_much ? "null" : type_of(schemas);
    if (type == "object") return write_object(w, schemas, depth);
    if (type == "array") return write_array(w, schemas, depth);
    if (type == "string") return write_string(w, schemas);
    if (type == "integer" || type == "number") return write_number(w, schemas, type == "integer");
    if (type == "boolean") return void(w.boolean(false));
    if (depth == 0 && type.empty()) return void(w.open_object().close_object());
    w.null();
}

}  // namespace

std::string schema_sample(std::string_view schema, std::string_view filler) {
    std::string out;
    json::Document document;
    const auto root = document.parse(schema);
    if (!root || !root->is_object()) return "{}";
    Writer w(out);
    Sampler(*root, filler).sample(w);
    return out;
}

}  // namespace ccr::demo
