#include "plugin/meaning.h"

#include <map>

#include "json/writer.h"

namespace ccr::plugin {
namespace {

void write(json::View value, json::Writer& w);

// Of members with one name, JavaScript keeps the last.
void write_object(json::View object, json::Writer& w) {
    std::map<std::string, json::View> members;
    for (const auto member : object.members())
        members.insert_or_assign(member.key().decode(), member.value);
    w.open_object();
    for (const auto& [name, value] : members) {
        std::string key;
        json::escape_to(key, name);
        w.key(key);
        write(value, w);
    }
    w.close_object();
}

void write(json::View value, json::Writer& w) {
    switch (value.kind()) {
        case json::Kind::object:
            return write_object(value, w);
        case json::Kind::array:
            w.open_array();
            for (const json::View element : value.elements()) write(element, w);
            w.close_array();
            return;
        case json::Kind::string:
            w.string(value.text().decode());
            return;
        case json::Kind::number:
            w.number(value.number().value_or(0));
            return;
        case json::Kind::boolean:
        case json::Kind::null:
            w.raw(value.raw());
    }
}

}  // namespace

std::string meaning_of(json::View value) {
    std::string out;
    if (!value) return out;
    json::Writer w(out);
    write(value, w);
    return out;
}

}  // namespace ccr::plugin
