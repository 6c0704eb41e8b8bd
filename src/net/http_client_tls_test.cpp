// TLS: who is trusted, what is said when somebody is not, and sessions taken up again.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/pem.h>

#include <atomic>
#include <filesystem>
#include <fstream>
#include <memory>

#include "net/client_loop_fixture.h"
#include "net/curl_library.h"
#include "net/curl_trust.h"
#include "net/scripted_upstream_fixture.h"
#include "net/test_certificate_fixture.h"
#include "net/test_proxy_fixture.h"

namespace ccr::net {
namespace {

using testing::HasSubstr;

void answer_ok(Peer& peer) {
    while (!peer.read_head().empty()) peer.send("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
}

class HttpClientTls : public testing::Test {
  protected:
    ClientRequest request(const std::string& ca_file) const {
        ClientRequest out = get_request(upstream.url());
        out.ca_file = ca_file;
        return out;
    }
    TestCertificate certificate;
    ScriptedUpstream upstream{answer_ok, certificate.server()};
};

TEST_F(HttpClientTls, TrustsTheExtraFile) {
    ClientLoop loop;
    const Fetched got = loop.fetch(request(certificate.certificate_file()));
    ASSERT_FALSE(got.error) << got.error->message;
    EXPECT_EQ(got.body, "ok");
}

TEST_F(HttpClientTls, RefusesAnUnknownAuthority) {
    ClientLoop loop;
    // The trusted connection stays in the pool and must not serve a request that does not trust it.
    ASSERT_FALSE(loop.fetch(request(certificate.certificate_file())).error);
    const Fetched got = loop.fetch(request(""));
    ASSERT_TRUE(got.error);
    EXPECT_EQ(got.error->kind, ErrorKind::upstream_unreachable);
    EXPECT_THAT(got.error->message, HasSubstr("127.0.0.1:" + std::to_string(upstream.port())));
    EXPECT_THAT(got.error->message, HasSubstr("self-signed certificate"));
    EXPECT_THAT(got.error->message, HasSubstr("CA file"));
}

TEST_F(HttpClientTls, RefusesAnotherHostsCertificate) {
    TestProxy::Settings settings;
    settings.to = upstream.port();
    TestProxy proxy(settings);
    ClientLoop loop;
    for (const auto& [host, right] :
         {std::pair{"upstream.test", true}, std::pair{"other.test", false}}) {
        ClientRequest other = get_request(std::string("https://") + host);
        other.proxy = "http://" + proxy.address();
        other.ca_file = certificate.certificate_file();
        const Fetched got = loop.fetch(other);
        ASSERT_EQ(got.status == 200, right) << host;
        if (right) continue;
        EXPECT_EQ(got.error->kind, ErrorKind::upstream_unreachable);
        EXPECT_THAT(got.error->message, HasSubstr("other.test:443"));
        EXPECT_THAT(got.error->message, HasSubstr("certificate"));
    }
}

TEST_F(HttpClientTls, UnusableCaFiles) {
    ClientLoop loop;
    const Fetched missing = loop.fetch(request("/nonexistent/ca.pem"));
    ASSERT_TRUE(missing.error);
    EXPECT_EQ(missing.error->kind, ErrorKind::config);
    EXPECT_THAT(missing.error->message, HasSubstr("/nonexistent/ca.pem"));
    const std::string garbage = certificate.key_file();  // PEM, but no certificate
    const Fetched bad = loop.fetch(request(garbage));
    ASSERT_TRUE(bad.error);
    EXPECT_EQ(bad.error->kind, ErrorKind::config) << bad.error->message;
}

TEST_F(HttpClientTls, SessionsAreTakenUpAgain) {
    std::atomic<int> resumed = 0;
    struct Count {
        static void on_info(const SSL* tls, int where, int) {
            if ((where & SSL_CB_HANDSHAKE_DONE) != 0 && SSL_session_reused(tls) == 1) {
                ++*static_cast<std::atomic<int>*>(SSL_CTX_get_app_data(SSL_get_SSL_CTX(tls)));
            }
        }
    };
    SSL_CTX_set_app_data(certificate.server(), &resumed);
    SSL_CTX_set_info_callback(certificate.server(), &Count::on_info);
    const unsigned char name[] = "test";
    SSL_CTX_set_session_id_context(certificate.server(), name, sizeof name);
    ScriptedUpstream closing(
        [](Peer& peer) {
            peer.read_head();
            peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok");
        },
        certificate.server());
    ClientLoop loop;
    for (int i = 0; i < 4; ++i) {
        ClientRequest again = get_request(closing.url());
        again.ca_file = certificate.certificate_file();
        ASSERT_EQ(loop.fetch(again).body, "ok");
    }
    EXPECT_EQ(closing.connections(), 4);
    EXPECT_GE(resumed, 3);
}

// ---- how the file is added to the system's anchors

class Trust : public testing::Test {
  protected:
    std::string write(const std::string& name, const std::string& text) {
        const std::string path =
            (std::filesystem::path(certificate.certificate_file()).parent_path() / name).string();
        std::ofstream(path) << text;
        return path;
    }
    TestCertificate certificate;
};

TEST_F(Trust, BesideAHashedDirectoryTheFileStandsAlone) {
    const auto added = add_trust({"/any/file", "/any/directory"}, certificate.certificate_file());
    ASSERT_TRUE(added);
    EXPECT_EQ(added->way, AddedTrust::Way::beside_directory);
}

TEST_F(Trust, WithoutADirectoryBothFilesAreJoined) {
    const auto added = add_trust({write("system.pem", "SYSTEM"), ""}, write("extra.pem", "EXTRA"));
    ASSERT_TRUE(added);
    EXPECT_EQ(added->way, AddedTrust::Way::joined);
    EXPECT_EQ(added->text, "SYSTEM\nEXTRA");
    EXPECT_EQ(add_trust({"/nonexistent", ""}, write("extra.pem", "EXTRA"))->text, "EXTRA");
}

CURLcode fetch(CURL* easy, const ScriptedUpstream& upstream) {
    curl().easy_setopt(easy, CURLOPT_URL, upstream.url().c_str());
    curl().easy_setopt(easy, CURLOPT_NOBODY, 1L);
    curl().easy_setopt(easy, CURLOPT_PROXY, "");
    return curl().easy_perform(easy);
}

struct EndHandle {
    void operator()(CURL* easy) const { curl().easy_cleanup(easy); }
};

std::unique_ptr<CURL, EndHandle> new_handle() {
    EXPECT_TRUE(load_curl());
    return std::unique_ptr<CURL, EndHandle>(curl().easy_init());
}

void answer_and_close(Peer& peer) {
    peer.read_head();
    peer.send("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
}

/// One upstream whose certificate only the system trusts, one whose certificate only the extra file
/// holds.
class TrustInForce : public Trust {
  protected:
    /// A hashed directory as of the system, with the first certificate.
    std::string hashed_directory() {
        std::FILE* file = std::fopen(certificate.certificate_file().c_str(), "r");
        X509* parsed = PEM_read_X509(file, nullptr, nullptr, nullptr);
        std::fclose(file);
        const std::string name = fmt::format("{:08x}.0", X509_subject_name_hash(parsed));
        X509_free(parsed);
        const auto directory =
            std::filesystem::path(certificate.certificate_file()).parent_path() / "hashed";
        std::filesystem::create_directory(directory);
        std::filesystem::copy_file(certificate.certificate_file(), directory / name);
        return directory.string();
    }
    TestCertificate extra;
    ScriptedUpstream system_upstream{answer_and_close, certificate.server()};
    ScriptedUpstream extra_upstream{answer_and_close, extra.server()};
    const std::unique_ptr<CURL, EndHandle> easy = new_handle();
};

TEST_F(TrustInForce, BesideADirectory) {
    const std::string directory = hashed_directory();
    curl().easy_setopt(easy.get(), CURLOPT_CAPATH,
                       directory.c_str());  // as libcurl's own default would be
    ASSERT_NE(fetch(easy.get(), extra_upstream), CURLE_OK);
    ASSERT_TRUE(trust(easy.get(), extra.certificate_file(), {"", directory}));
    EXPECT_EQ(fetch(easy.get(), system_upstream), CURLE_OK);
    EXPECT_EQ(fetch(easy.get(), extra_upstream), CURLE_OK);
}

TEST_F(TrustInForce, Joined) {
    curl().easy_setopt(easy.get(), CURLOPT_CAPATH, nullptr);
    ASSERT_NE(fetch(easy.get(), extra_upstream), CURLE_OK);
    ASSERT_TRUE(trust(easy.get(), extra.certificate_file(), {certificate.certificate_file(), ""}));
    EXPECT_EQ(fetch(easy.get(), system_upstream), CURLE_OK);
    EXPECT_EQ(fetch(easy.get(), extra_upstream), CURLE_OK);
}

}  // namespace
}  // namespace ccr::net
