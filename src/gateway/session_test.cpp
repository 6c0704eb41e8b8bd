#include "gateway/session.h"

#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

std::string session_in(const std::string& body, const net::Headers& headers = {}) {
    json::Document document;
    const auto root = document.parse(body);
    EXPECT_TRUE(root);
    return root ? session_of(headers, *root) : "";
}

TEST(Session, FoundInEveryFormClientsUse) {
    const net::Headers header{{"X-Claude-Code-Session-Id", "from-header"}};
    EXPECT_EQ(session_in(R"({"metadata":{"user_id":"user_1_account__session_old"}})", header),
              "from-header");
    EXPECT_EQ(
        session_in(
            R"({"metadata":{"user_id":"{\"device_id\":\"d\",\"session_id\":\"from-json\"}"}})"),
        "from-json");
    EXPECT_EQ(session_in(R"({"metadata":{"user_id":"user_1_account__session_old-form"}})"),
              "old-form");
}

TEST(Session, NothingWhereThereIsNone) {
    EXPECT_EQ(session_in("{}"), "");
    EXPECT_EQ(session_in(R"({"metadata":{"user_id":"plain"}})"), "");
    EXPECT_EQ(session_in(R"({"metadata":{"user_id":"{broken"}})"), "");
    EXPECT_EQ(session_in(R"({"metadata":{"user_id":"a_session_)" + std::string(500, 'x') + "\"}}"),
              "")
        << "an id of absurd length is none";
}

}  // namespace
}  // namespace ccr::gateway
