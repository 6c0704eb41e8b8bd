// SchemaLayers: one schema seen through its references and `allOf`, as if all stood in one object.
//
// A keyword that only one layer may set is read from the first that has it: what stands beside a
// reference counts before what is referred to (JSON Schema 2020-12, core 8.2.3 and 10.2.1.1).
// Views into a parsed document; a plain value.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "json/document.h"

namespace ccr::chat {

class SchemaLayers {
  public:
    /// `open` holds the references that are being put in place around this schema, by their
    /// target's first byte; those met here are added. A reference to one of them ends in nothing.
    SchemaLayers(json::View root, json::View schema, std::vector<std::uint32_t>& open);

    json::View get(std::string_view keyword) const;
    /// Every layer, the nearest first.
    const std::vector<json::View>& all() const { return layers_; }
    bool is_recursive() const { return recursive_; }
    /// A reference to something that is not in the document.
    bool is_dangling() const { return dangling_; }

  private:
    void add(json::View root, json::View schema, std::vector<std::uint32_t>& open);

    std::vector<json::View> layers_;
    bool recursive_ = false, dangling_ = false;
};

}  // namespace ccr::chat
