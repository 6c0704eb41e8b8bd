#include "config/json5.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <optional>
#include <unordered_set>
#include <utility>
#include <variant>

#include "config/json5_cursor.h"
#include "config/json5_hint.h"
#include "config/json5_identifier.h"
#include "config/json5_literal.h"
#include "json/pointer.h"
#include "json/utf8.h"

namespace ccr::config {
namespace {

using Json = nlohmann::ordered_json;
constexpr char32_t kEnd = Json5Cursor::kEnd;

class Json5Reader {
  public:
    Json5Reader(std::string_view text, const std::string& file, Document& document)
        : cursor_(text), file_(file), document_(document) {}

    Parsed<void> read_document() {
        TRY_DO(cursor_.skip_blank());
        if (cursor_.peek() == kEnd) {
            return trouble(cursor_.place(), "the file is empty; write at least {} in it");
        }
        const Place start = cursor_.place();
        document_.spans[""] = {start, start};
        TRY_DO(read_value(*document_.root));
        TRY_DO(cursor_.skip_blank());
        if (cursor_.peek() == kEnd) return {};
        return unexpected(
            "after the end of the configuration; remove it, or enclose everything in one { }");
    }

  private:
    std::unexpected<Trouble> unexpected(std::string_view where) const {
        const char32_t c = cursor_.peek();
        if (auto hint = hint_for(c)) return trouble(cursor_.place(), *std::move(hint));
        return trouble(cursor_.place(), fmt::format("found {} {}", described(c), where));
    }

    Parsed<void> read_value(Json& out) {
        const char32_t c = cursor_.peek();
        if (c == U'{') return read_object(out);
        if (c == U'[') return read_array(out);
        if (c == U'"' || c == U'\'') {
            TRY(out, read_string(cursor_));
            return {};
        }
        if ((c >= U'0' && c <= U'9') || c == U'.' || c == U'+' || c == U'-')
            return read_number_value(out);
        if (starts_identifier(c)) return read_word_value(out);
        if (c == U',' || c == U'}' || c == U']') {
            return trouble(
                cursor_.place(),
                fmt::format("found {} where a value should be; add the value", described(c)));
        }
        return unexpected("where a value should be; add the value");
    }

    Parsed<void> read_number_value(Json& out) {
        TRY(const Json5Number number, read_number(cursor_));
        std::visit([&](auto value) { out = value; }, number);
        return {};
    }

    Parsed<void> read_word_value(Json& out) {
        const Place start = cursor_.place();
        if (cursor_.peek() == U'I' || cursor_.peek() == U'N') {
            Json5Cursor ahead = cursor_;
            const auto word = read_identifier(ahead);
            if (word && (*word == "Infinity" || *word == "NaN")) return read_number_value(out);
        }
        TRY(const std::string word, read_identifier(cursor_));
        if (word == "null" || word == "true" || word == "false") {
            out = word == "null" ? Json() : Json(word == "true");
            return {};
        }
        if (auto hint = hint_for_word(word)) return trouble(start, *std::move(hint));
        // The word itself may be a key that was pasted without quotes: it is not repeated here.
        return trouble(start, "found text without quotes; put it in quotes");
    }

    Parsed<void> enter(Place opened) {
        if (++depth_ <= kMaxDepth) return {};
        return trouble(opened,
                       fmt::format("nested more than {} levels deep; flatten it", kMaxDepth));
    }

    Parsed<void> read_object(Json& out) {
        const Place opened = cursor_.place();
        TRY_DO(enter(opened));
        cursor_.take();
        out = Json::object();
        std::unordered_set<std::string> seen;
        while (true) {
            TRY_DO(cursor_.skip_blank());
            if (cursor_.take_if(U'}')) break;
            TRY_DO(read_member(out, seen, opened));
            TRY(const bool more, read_separator(U'}', opened, "object"));
            if (!more) break;
        }
        --depth_;
        return {};
    }

    Parsed<void> read_member(Json& object, std::unordered_set<std::string>& seen, Place opened) {
        const Place name_place = cursor_.place();
        TRY(std::string name, read_name(opened));
        TRY_DO(cursor_.skip_blank());
        if (!cursor_.take_if(U':')) {
            return unexpected("where ':' should be; write ':' between a name and its value");
        }
        TRY_DO(cursor_.skip_blank());
        const std::string parent = std::exchange(pointer_, member_pointer(pointer_, name));
        const Span span{name_place, cursor_.place()};
        const bool fresh = seen.insert(name).second;
        if (!fresh) report_duplicate(name, name_place, document_.spans[pointer_].name);
        document_.spans[pointer_] = span;
        Json value;
        TRY_DO(read_value(value));
        pointer_ = parent;
        if (fresh) {
            // emplace() and operator[] search all members first; `seen` has done so already.
            auto& members = object.get_ref<Json::object_t&>();
            members.emplace_back(std::move(name), std::move(value));
        } else {
            object[name] = std::move(value);
        }
        return {};
    }

    Parsed<std::string> read_name(Place opened) {
        const char32_t c = cursor_.peek();
        if (c == U'"' || c == U'\'') return read_string(cursor_);
        if (starts_identifier(c) || c == U'\\') return read_identifier(cursor_);
        if (c == kEnd) return trouble(cursor_.place(), not_closed("object", opened, '}'));
        if (c == U']') return trouble(cursor_.place(), wrong_bracket(U']', "object", opened, '}'));
        if (c == U',') return trouble(cursor_.place(), "found one ',' too many; remove it");
        if (c >= U'0' && c <= U'9') {
            return trouble(cursor_.place(), "a name may not begin with a digit; put it in quotes");
        }
        return unexpected("where a name should be; write \"name\": value");
    }

    Parsed<void> read_array(Json& out) {
        const Place opened = cursor_.place();
        TRY_DO(enter(opened));
        cursor_.take();
        out = Json::array();
        const std::string parent = pointer_;
        while (true) {
            TRY_DO(cursor_.skip_blank());
            const char32_t c = cursor_.peek();
            if (c == U']') {
                cursor_.take();
                break;
            }
            if (c == kEnd) return trouble(cursor_.place(), not_closed("list", opened, ']'));
            if (c == U'}') return trouble(cursor_.place(), wrong_bracket(c, "list", opened, ']'));
            if (c == U',') return trouble(cursor_.place(), "found one ',' too many; remove it");
            pointer_ = element_pointer(parent, out.size());
            document_.spans[pointer_] = {cursor_.place(), cursor_.place()};
            out.push_back(Json());
            TRY_DO(read_value(out.back()));
            TRY(const bool more, read_separator(U']', opened, "list"));
            if (!more) break;
        }
        pointer_ = parent;
        --depth_;
        return {};
    }

    // After a member or an element: true when another may follow.
    Parsed<bool> read_separator(char32_t closing, Place opened, std::string_view what) {
        const Place end_of_value = cursor_.place();
        TRY_DO(cursor_.skip_blank());
        if (cursor_.take_if(U',')) return true;
        if (cursor_.take_if(closing)) return false;
        const char32_t c = cursor_.peek();
        const char wanted = static_cast<char>(closing);
        if (c == kEnd) return trouble(cursor_.place(), not_closed(what, opened, wanted));
        if (c == U'}' || c == U']')
            return trouble(cursor_.place(), wrong_bracket(c, what, opened, wanted));
        if (c == U':' || hint_for(c))
            return unexpected("after a value; write ',' or " + std::string(1, wanted));
        return trouble(end_of_value,
                       fmt::format("missing comma: {} follows at {} without one; add ',' here",
                                   begins(c), at(cursor_.place())));
    }

    static std::string begins(char32_t c) {
        const bool word = c == U'"' || c == U'\'' || starts_identifier(c);
        return word ? std::string("another item") : described(c);
    }

    static std::string not_closed(std::string_view what, Place opened, char wanted) {
        return fmt::format("the file ends inside the {} that was opened at {}; add '{}'", what,
                           at(opened), wanted);
    }

    static std::string wrong_bracket(char32_t found, std::string_view what, Place opened,
                                     char wanted) {
        return fmt::format(
            "found {} but the {} opened at {} ends with '{}'; add or exchange the bracket",
            described(found), what, at(opened), wanted);
    }

    void report_duplicate(const std::string& name, Place place, Place first) {
        document_.findings.push_back({Severity::warning, "duplicate-key", file_, place,
                                      fmt::format("\"{}\" stands twice in this object, first at "
                                                  "{}; this later one counts, remove the "
                                                  "other",
                                                  name, at(first))});
    }

    Json5Cursor cursor_;
    const std::string& file_;
    Document& document_;
    std::string pointer_;
    int depth_ = 0;
};

bool looks_like_utf16(std::string_view text) {
    if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) return true;
    return text.size() >= 2 && (text[0] == '\0') != (text[1] == '\0');
}

Place first_ill_formed(std::string_view text) {
    std::size_t good = 0;
    while (const std::size_t width = json::valid_sequence(text.substr(good))) good += width;
    Json5Cursor cursor(text.substr(0, good));
    while (cursor.peek() != kEnd) cursor.take();
    return cursor.place();
}

std::string located(const std::string& file, const Trouble& problem) {
    return fmt::format("{}:{}: {}", file, at(problem.place), problem.message);
}

}  // namespace

Document::Document() : root(std::make_unique<Json>()) {}
Document::Document(Document&&) noexcept = default;
Document& Document::operator=(Document&&) noexcept = default;
Document::~Document() = default;

std::string member_pointer(std::string_view parent, std::string_view key) {
    std::string out(parent);
    json::add_pointer_token(out, key);
    return out;
}

std::string element_pointer(std::string_view parent, std::size_t index) {
    return fmt::format("{}/{}", parent, index);
}

Result<Document> parse_json5(std::string_view text, const std::string& file) {
    if (looks_like_utf16(text)) {
        return fail(ErrorKind::config,
                    file + ":1:1: the file is not UTF-8 but looks like UTF-16; save it as UTF-8");
    }
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    Document document;
    std::string mended;
    if (!json::is_valid_utf8(text)) {
        document.findings.push_back(
            {Severity::warning, "invalid-utf8", file, first_ill_formed(text),
             "from here on the file holds bytes that are not UTF-8; save it as UTF-8"});
        mended = json::mended_utf8(text);
        text = mended;
    }
    if (auto read = Json5Reader(text, file, document).read_document(); !read) {
        return fail(ErrorKind::config, located(file, read.error()));
    }
    return document;
}

}  // namespace ccr::config
