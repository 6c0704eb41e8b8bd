#include "gateway/media_guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace ccr::gateway {
namespace {

using testing::HasSubstr;

config::Config with_hosts(std::vector<std::string> hosts) {
    config::Config config;
    config.media_fetch.allowed_hosts = std::move(hosts);
    return config;
}

TEST(MediaGuard, OnlyAllowedHostsMayBePrivate) {
    const config::Config config = with_hosts({"wiki.intra", "*.cdn.intra", "127.0.0.1:81"});
    for (const char* url : {"http://wiki.intra/a.png", "https://WIKI.intra:8443/a",
                            "http://x.cdn.intra/a", "http://127.0.0.1:81/a"})
        EXPECT_FALSE(media_request(url, config)->public_only) << url;
    for (const char* url : {"http://wiki.intra.evil.net/a", "http://127.0.0.1:82/a",
                            "http://cdn.intra/a", "https://example.com/a.png"})
        EXPECT_TRUE(media_request(url, config)->public_only) << url;
    EXPECT_TRUE(media_request("http://127.0.0.1/", {})->public_only);
}

TEST(MediaGuard, WhatIsNoAddressOfAFileIsRefused) {
    for (const char* url :
         {"file:///etc/passwd", "gs://bucket/a.png", "ftp://h/a", "http://", "a.png"})
        EXPECT_THAT(media_request(url, {}).error().message, HasSubstr("no http")) << url;
    EXPECT_THAT(media_request("http://u:secret@h/a", {}).error().message, Not(HasSubstr("secret")));
    EXPECT_FALSE(media_request("http://h/" + std::string(9000, 'a'), {}));
}

TEST(MediaGuard, RedirectsAreResolvedAndStayEncrypted) {
    const auto to = [](std::string_view location) {
        return *redirect_target("http://h:81/a/b.png?q=1", location);
    };
    EXPECT_EQ(to("https://other/x"), "https://other/x");
    EXPECT_EQ(to("/x?y#z"), "http://h:81/x?y");
    EXPECT_EQ(to("x"), "http://h:81/a/x");
    EXPECT_EQ(to("//other/x"), "http://other/x");
    EXPECT_FALSE(redirect_target("https://h/a", "http://h/a"));
    EXPECT_FALSE(redirect_target("https://h/a", "file:///etc/passwd"));
    EXPECT_FALSE(redirect_target("https://h/a", ""));
}

TEST(MediaGuard, TypesAndBytes) {
    for (const char* type :
         {"image/png", "IMAGE/JPEG; q=1", "application/pdf ;x", "", "application/octet-stream"})
        EXPECT_TRUE(may_be_media(type)) << type;
    for (const char* type : {"text/html", "application/json", "text/plain; charset=image/png"})
        EXPECT_FALSE(may_be_media(type)) << type;
    EXPECT_EQ(media_type_of_bytes("\x89PNG\r\n\x1a\n..."), "image/png");
    EXPECT_EQ(media_type_of_bytes("\xff\xd8\xff\xe0"), "image/jpeg");
    EXPECT_EQ(media_type_of_bytes("GIF89a"), "image/gif");
    EXPECT_EQ(media_type_of_bytes("RIFF....WEBPVP8 "), "image/webp");
    EXPECT_EQ(media_type_of_bytes("%PDF-1.7"), "application/pdf");
    for (const char* bytes : {"", "RIFF....WAVE", "<svg>", "{\"secret\":1}", "RIFF"})
        EXPECT_EQ(media_type_of_bytes(bytes), std::nullopt) << bytes;
}

}  // namespace
}  // namespace ccr::gateway
