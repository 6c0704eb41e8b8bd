#include "json/writer.h"

#include <gtest/gtest.h>

#include <limits>

#include "json/document.h"
#include "json/random_json_fixture.h"

namespace ccr::json {
namespace {

void copy(View view, Writer& w) {
    if (view.is_object()) {
        w.open_object();
        for (const auto [key, value] : view.members()) {
            w.escaped_key(key.text());
            copy(value, w);
        }
        w.close_object();
    } else if (view.is_array()) {
        w.open_array();
        for (const View element : view.elements()) copy(element, w);
        w.close_array();
    } else if (view.is_string()) {
        w.text(view.text());
    } else {
        w.raw(view.raw());
    }
}

// Only blanks may be missing from a copy: commas and brackets are where they were.
TEST(Writer, CopiesAnyDocumentButForItsBlanks) {
    Random r(1);
    for (int i = 0; i < 1000; ++i) {
        const std::string text = random_value(r, 4);
        Document document;
        std::string once, twice;
        Writer first(once), second(twice);
        copy(*document.parse(text), first);
        Document again;
        const auto root = again.parse(once);
        ASSERT_TRUE(root) << root.error().message << "\n" << once;
        copy(*root, second);
        ASSERT_EQ(once, twice);
        ASSERT_LE(once.size(), text.size());
    }
}

TEST(Writer, MembersAndPieces) {
    std::string out;
    Writer w(out);
    w.open_object()
        .member("a", "q\"\n")
        .member("b", std::int64_t{-5})
        .member("c", Text::from_escaped("x\\n"));
    w.key("d")
        .open_array()
        .boolean(true)
        .null()
        .number(0.5)
        .open_object()
        .close_object()
        .close_array();
    w.key("e").quote_open().piece(Text::literal("x")).piece(Text::literal("y")).quote_close();
    w.member_raw("f", "[]").key("g").text(Text::literal("1"), Text::literal("2")).close_object();
    EXPECT_EQ(out,
              R"({"a":"q\"\n","b":-5,"c":"x\n","d":[true,null,0.5,{}],"e":"xy","f":[],"g":"12"})");
}

TEST(Writer, NumbersReadBackAsTheyWere) {
    for (const double value : {0.0, -1.5, 0.1, 1e-7, 1e21, 3.141592653589793,
                               std::numeric_limits<double>::max(), 5e-300}) {
        std::string out;
        Writer(out).number(value);
        Document document;
        const auto root = document.parse(out);
        ASSERT_TRUE(root) << out;
        EXPECT_EQ(root->number(), value) << out;
    }
    std::string none;
    Writer(none)
        .open_array()
        .number(std::numeric_limits<double>::infinity())
        .number(std::numeric_limits<double>::quiet_NaN())
        .close_array();
    EXPECT_EQ(none, "[null,null]");
    std::string least;
    Writer(least).integer(std::numeric_limits<std::int64_t>::min());
    EXPECT_EQ(least, "-9223372036854775808");
}

}  // namespace
}  // namespace ccr::json
