// Writer: appends compact JSON to a string, with the commas in the right places.
//
// A plain object on one thread. The calls must form a valid document; that is the caller's duty.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/copy.h"
#include "json/text.h"

namespace ccr::json {

class Writer {
  public:
    /// Appends to `out`, which must outlive the writer.
    explicit Writer(std::string& out) : out_(out) {}

    Writer& open_object() { return open('{'); }
    Writer& close_object() { return close('}'); }
    Writer& open_array() { return open('['); }
    Writer& close_array() { return close(']'); }

    /// A member name that needs no escape.
    Writer& key(std::string_view name) {
        comma();
        out_ += '"';
        out_ += name;
        out_ += "\":";
        fresh_ = true;
        return *this;
    }
    Writer& escaped_key(Text name) { return key(name.escaped()); }

    Writer& string(std::string_view plain) {
        quote_open();
        escape_to(out_, plain);
        return quote_close();
    }
    Writer& text(Text text) {
        quote_open();
        append_bytes(out_, text.escaped());
        return quote_close();
    }
    /// Several slices as one string.
    Writer& text(Text a, Text b) {
        quote_open();
        out_ += a.escaped();
        out_ += b.escaped();
        return quote_close();
    }
    Writer& integer(std::int64_t value);
    Writer& number(double value);
    Writer& boolean(bool value) { return raw(value ? "true" : "false"); }
    Writer& null() { return raw("null"); }
    /// A complete JSON value, copied as it is.
    Writer& raw(std::string_view json) {
        comma();
        append_bytes(out_, json);
        fresh_ = false;
        return *this;
    }

    /// A string written in pieces between quote_open() and quote_close(); pieces are escaped
    /// already.
    Writer& quote_open() {
        comma();
        out_ += '"';
        return *this;
    }
    Writer& piece(Text text) {
        append_bytes(out_, text.escaped());
        return *this;
    }
    Writer& quote_close() {
        out_ += '"';
        fresh_ = false;
        return *this;
    }

    // Members: the shapes that occur everywhere.
    Writer& member(std::string_view name, Text value) { return key(name).text(value); }
    Writer& member(std::string_view name, std::string_view plain) {
        return key(name).string(plain);
    }
    Writer& member(std::string_view name, std::int64_t value) { return key(name).integer(value); }
    Writer& member_raw(std::string_view name, std::string_view json) { return key(name).raw(json); }

    std::string& out() { return out_; }

  private:
    Writer& open(char bracket) {
        comma();
        out_ += bracket;
        fresh_ = true;
        return *this;
    }
    Writer& close(char bracket) {
        out_ += bracket;
        fresh_ = false;
        return *this;
    }
    void comma() {
        if (!fresh_) out_ += ',';
        fresh_ = true;
    }

    std::string& out_;
    bool fresh_ = true;  // nothing stands before the next item in its container
};

}  // namespace ccr::json
