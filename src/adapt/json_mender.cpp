#include "adapt/json_mender.h"

#include <algorithm>
#include <utility>

#include "json/document.h"
#include "json/scan.h"

namespace ccr::adapt {
namespace {

bool is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
bool is_hex(char c) {
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
bool is_structure(char c) {
    return c == '{' || c == '}' || c == '[' || c == ']' || c == ',' || c == ':';
}

std::string quoted(std::string_view plain) {
    std::string out = "\"";
    json::escape_to(out, plain);
    return out + "\"";
}

std::string value_of_word(const std::string& word) {
    if (word == "true" || word == "false" || word == "null") return word;
    if (json::scan_number(word, 0) == word.size()) return word;
    if (word == "True") return "true";
    if (word == "False") return "false";
    if (word == "None" || word == "undefined" || word == "NaN") return "null";
    return quoted(word);
}

// What JSON Schema calls the kind of a value.
bool is_of_type(json::View value, std::string_view type) {
    switch (value.kind()) {
        case json::Kind::null:
            return type == "null";
        case json::Kind::boolean:
            return type == "boolean";
        case json::Kind::number:
            return type == "number" || (type == "integer" && value.integer());
        case json::Kind::array:
            return type == "array";
        case json::Kind::object:
            return type == "object";
        case json::Kind::string:
            break;
    }
    return false;
}

std::map<std::string, std::vector<std::string>> property_types(std::string_view schema) {
    std::map<std::string, std::vector<std::string>> out;
    json::Document document;
    const auto root = document.parse(schema.empty() ? "{}" : schema);
    if (!root) return out;
    for (const json::View::Member member : (*root)["properties"].members()) {
        const json::View type = member.value["type"];
        std::vector<std::string>& types = out[member.key().decode()];
        if (type.is_string()) types.push_back(type.text().decode());
        for (const json::View one : type.elements()) types.push_back(one.text().decode());
        if (types.empty() || std::ranges::find(types, "string") != types.end())
            out.erase(member.key().decode());
    }
    return out;
}

}  // namespace

JsonMender::JsonMender(std::string_view schema) : types_(property_types(schema)) {}

void JsonMender::feed(std::string_view piece, std::string& out) {
    sink_ = wraps_ ? &own_ : &out;
    for (const char c : piece) {
        if (done_) break;
        if (is_whole_text_)
            whole_ += c;
        else if (!started_)
            begin(c);
        else if (token_ == Token::text)
            in_text(c);
        else if (token_ == Token::text_end)
            at_text_end(c);
        else
            structure(c);
        // A wrapped text collects apart and comes out whole.
        if (!wraps_ && sink_ == &own_) {
            out += own_;
            own_.clear();
            sink_ = &out;
        }
    }
}

void JsonMender::finish(std::string& out) {
    if (is_whole_text_) {
        JsonMender inner("");
        inner.types_ = types_;
        json::Document document;
        const std::size_t last = whole_.find_last_of('"');
        const std::string text = whole_.substr(0, last == 0 ? whole_.size() : last) + "\"";
        const auto root = document.parse(text);
        const std::string content = root ? root->text().decode() : "";
        inner.feed(content, out);
        inner.finish(out);
        return;
    }
    sink_ = wraps_ ? &own_ : &out;
    if (!started_) emit("{}");
    if (token_ == Token::bare) end_bare();
    if (token_ == Token::text || token_ == Token::text_end) close_text();
    if (sink_ == &own_) {
        out += own_;
        own_.clear();
        sink_ = &out;
    }
    while (!open_.empty()) pop();
}

// Anything before the object (a fence, a sentence) is left out.
void JsonMender::begin(char c) {
    if (c == '{') {
        started_ = true;
        open_.push_back({true});
        emit("{");
    } else if (c == '"' && !prose_) {
        is_whole_text_ = true;
        whole_ = c;
    }
    prose_ = prose_ || !is_blank(c);
}

void JsonMender::structure(char c) {
    if (token_ == Token::bare) {
        if (!is_blank(c) && !is_structure(c) && c != '"') {
            bare_ += c;
            return;
        }
        end_bare();
    }
    if (is_blank(c))
        gap_ += c;
    else if (c == '}' || c == ']')
        close(c);
    else if (open_.back().object)
        in_object(c);
    else
        in_array(c);
}

bool JsonMender::expects_key() const {
    const Open& at = open_.back();
    return at.object && at.place != Place::after_key && at.place != Place::after_colon;
}

void JsonMender::in_object(char c) {
    Open& at = open_.back();
    if (expects_key()) {
        if (c == ',' && at.place == Place::after_value) {
            gap_ += c;
            at.place = Place::after_comma;
        } else if (!is_structure(c)) {
            before_item();
            value(c);
        }
    } else if (at.place == Place::after_key) {
        emit(gap_);
        gap_.clear();
        emit(":");
        at.place = Place::after_colon;
        if (c != ':') in_object(c);
    } else if (c == ',') {
        emit("null");
        at.place = Place::after_value;
        in_object(c);
    } else if (c != ':') {
        before_item();
        value(c);
    }
}

void JsonMender::in_array(char c) {
    Open& at = open_.back();
    if (c == ',') {
        if (at.place != Place::after_value) return;
        gap_ += c;
        at.place = Place::after_comma;
    } else if (c != ':') {
        before_item();
        value(c);
    }
}

// The gap as it was, with the comma that belongs in it.
void JsonMender::before_item() {
    if (open_.back().place == Place::after_value) emit(",");
    emit(gap_);
    gap_.clear();
}

void JsonMender::value(char c) {
    if (c == '{' || c == '[') {
        emit(std::string_view(&c, 1));
        open_.push_back({c == '{'});
    } else if (c == '"' || c == '\'') {
        open_text(c);
    } else {
        token_ = Token::bare;
        bare_ = c;
    }
}

void JsonMender::drop_comma() {
    std::erase(gap_, ',');
    emit(gap_);
    gap_.clear();
}

// A bracket that closes an outer container closes what is still open inside it.
void JsonMender::close(char c) {
    const bool object = c == '}';
    const auto match = std::find_if(open_.rbegin(), open_.rend(),
                                    [&](const Open& at) { return at.object == object; });
    if (match == open_.rend()) return;
    const auto deeper = match - open_.rbegin();
    for (std::ptrdiff_t i = 0; i <= deeper; ++i) pop();
}

void JsonMender::pop() {
    Open at = open_.back();
    if (at.place == Place::after_key) emit(":null");
    if (at.place == Place::after_colon) emit("null");
    drop_comma();
    emit(at.object ? "}" : "]");
    open_.pop_back();
    if (open_.empty())
        done_ = true;
    else
        item_done();
}

void JsonMender::item_done() {
    Open& at = open_.back();
    at.place = expects_key() ? Place::after_key : Place::after_value;
}

void JsonMender::open_text(char quote) {
    token_ = Token::text;
    quote_ = quote;
    const bool is_value = !expects_key();
    if (open_.size() == 1 && is_value && open_.back().object && types_.contains(key_)) {
        wraps_ = true;
        sink_ = &own_;
    }
    if (open_.size() == 1 && !is_value) key_.clear();
    emit("\"");
}

void JsonMender::emit_raw_character(char c) {
    if (open_.size() == 1 && expects_key()) key_ += c;
    emit(std::string_view(&c, 1));
}

void JsonMender::in_text(char c) {
    if (in_hex_) return hex_digit(c);
    if (escape_) return after_escape(c);
    if (c == '\\') {
        escape_ = true;
    } else if (c == quote_) {
        token_ = Token::text_end;
    } else if (c == '"') {
        emit("\\\"");
    } else if (static_cast<unsigned char>(c) < 0x20) {
        std::string escaped;
        json::escape_to(escaped, std::string_view(&c, 1));
        emit(escaped);
    } else {
        emit_raw_character(c);
    }
}

// A backslash before anything that JSON does not escape is meant as a backslash ("\d").
void JsonMender::after_escape(char c) {
    escape_ = false;
    if (c == 'u') {
        in_hex_ = true;
        hex_.clear();
    } else if (std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos) {
        emit("\\");
        emit_raw_character(c);
    } else if (c == '\'') {
        emit("'");
    } else {
        if (c != '\n') emit("\\\\");
        in_text(c);
    }
}

void JsonMender::hex_digit(char c) {
    if (is_hex(c)) {
        hex_ += c;
        if (hex_.size() < 4) return;
        emit("\\u" + hex_);
        in_hex_ = false;
        return;
    }
    in_hex_ = false;
    emit("\\\\u" + hex_);
    in_text(c);
}

// A quote ends a text only where what follows can follow a text.
bool JsonMender::ends_text(char next) const {
    if (expects_key()) return true;
    if (next == ',' || next == '}' || next == ']') return true;
    return next == '"' && text_gap_.find('\n') != std::string::npos;
}

void JsonMender::at_text_end(char c) {
    if (is_blank(c)) {
        text_gap_ += c;
        return;
    }
    if (ends_text(c)) {
        close_text();
        return structure(c);
    }
    // It was a quote inside the text.
    token_ = Token::text;
    const std::string gap = std::exchange(text_gap_, "");
    emit(quote_ == '"' ? "\\\"" : "'");
    for (const char blank : gap) in_text(blank);
    in_text(c);
}

void JsonMender::close_text() {
    if (escape_) emit("\\\\");
    if (in_hex_) emit("\\\\u" + hex_);
    escape_ = in_hex_ = false;
    token_ = Token::none;
    emit("\"");
    if (wraps_) unwrap_text();
    gap_ += std::exchange(text_gap_, "");
    item_done();
}

// "3", "true" or "[...]" where the schema wants a number, a truth value or a list.
void JsonMender::unwrap_text() {
    wraps_ = false;
    json::Document text, inner;
    const auto whole = text.parse(own_);
    const std::string content = whole ? whole->text().decode() : "";
    const auto value = inner.parse(content);
    if (!value) return;
    const bool wanted = std::ranges::any_of(
        types_[key_], [&](const std::string& type) { return is_of_type(*value, type); });
    if (wanted) own_ = value->raw();
}

void JsonMender::end_bare() {
    token_ = Token::none;
    if (!expects_key()) {
        emit(value_of_word(bare_));
    } else {
        if (open_.size() == 1) key_ = bare_;
        emit(quoted(bare_));
    }
    item_done();
}

}  // namespace ccr::adapt
