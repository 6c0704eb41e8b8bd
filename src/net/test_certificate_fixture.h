// TestCertificate: a self-signed certificate for 127.0.0.1 and localhost, made when the test runs.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace ccr::net {

class TestCertificate {
  public:
    TestCertificate();
    ~TestCertificate();
    TestCertificate(const TestCertificate&) = delete;
    TestCertificate& operator=(const TestCertificate&) = delete;

    const std::string& certificate_file() const { return certificate_file_; }
    const std::string& key_file() const { return key_file_; }
    SSL_CTX* server() const { return server_; }

  private:
    std::string directory_, certificate_file_, key_file_;
    SSL_CTX* server_ = nullptr;
};

}  // namespace ccr::net
