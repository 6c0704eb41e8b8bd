// JsonMender: JSON as a weak model writes it, mended to valid JSON while it streams.
//
// What is valid passes byte for byte and at once. Mended are: fences and prose around the object,
// single quotes, bare names, Python's words, missing or extra commas, colons, quotes and brackets,
// raw line ends and stray backslashes in texts, quotes inside a text, a truncated end, and an
// object sent as one text. Where the tool's schema wants no text, a text that holds the wanted
// value is unwrapped. One thread; an object per call.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace ccr::adapt {

class JsonMender {
  public:
    /// `schema`: JSON Schema of the object, raw; "" = nothing is known.
    explicit JsonMender(std::string_view schema);

    /// Appends what is certain of the mended text.
    void feed(std::string_view piece, std::string& out);
    /// The text has ended: closes what is open. Nothing at all becomes {}.
    void finish(std::string& out);

  private:
    enum class Place : std::uint8_t { first, after_comma, after_key, after_colon, after_value };
    enum class Token : std::uint8_t { none, text, text_end, bare };
    struct Open {
        bool object;
        Place place = Place::first;
    };

    void begin(char c);
    void structure(char c);
    void in_object(char c);
    void in_array(char c);
    void value(char c);
    void close(char c);
    void pop();
    void before_item();
    void drop_comma();

    void open_text(char quote);
    void in_text(char c);
    void after_escape(char c);
    void hex_digit(char c);
    void at_text_end(char c);
    bool ends_text(char next) const;
    void close_text();
    void unwrap_text();
    void end_bare();
    void item_done();

    bool expects_key() const;
    void emit(std::string_view bytes) { *sink_ += bytes; }
    void emit_raw_character(char c);

    std::map<std::string, std::vector<std::string>> types_;  // of the schema's properties
    std::vector<Open> open_;
    Token token_ = Token::none;
    char quote_ = '"';
    bool escape_ = false;
    std::string hex_;  // digits of a \u escape, after its 'u'
    bool in_hex_ = false;
    std::string bare_;      // the bare word so far
    std::string gap_;       // blanks and comma before the next item
    std::string text_gap_;  // blanks after what may be the end of a text
    std::string key_;       // of the outermost object, raw, while its value is read
    bool wraps_ = false;    // the text under way may hold another kind of value
    std::string whole_;     // the whole input, when it is one text
    bool is_whole_text_ = false;
    bool prose_ = false;  // something stood before the object
    bool started_ = false, done_ = false;
    std::string own_;  // the sink of wrapped texts
    std::string* sink_ = nullptr;
};

}  // namespace ccr::adapt
