// A throw-away RSA key for tests: its PEM, and whether a signature is by it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace ccr::auth::fixture {

class RsaKey {
  public:
    RsaKey();
    ~RsaKey();

    /// PKCS #8, as in Google's key files.
    const std::string& pem() const { return pem_; }
    /// Whether `signature` (raw bytes) is RS256 of `text` under this key.
    bool signed_by(std::string_view text, std::string_view signature) const;

  private:
    struct Handle;
    std::unique_ptr<Handle> handle_;
    std::string pem_;
};

}  // namespace ccr::auth::fixture
