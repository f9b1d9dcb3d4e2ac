// SPDX-License-Identifier: Apache-2.0
// Fuzz target: the index of sharded weights. No name that it lets through leads out of the directory.
#include "models/hub/shards.h"
#include "tensor/io/json.h"
#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    const thaw::ShardIndex index = thaw::ShardIndex::from_json(thaw::Json::parse(text, "file"));
    for (const std::string& shard : index.shards) {
      thaw::fuzz::require(!shard.empty() && shard != "." && shard != "..", "a shard that is no file");
      thaw::fuzz::require(shard.find_first_of(std::string_view("/\\\0", 3)) == std::string::npos,
                          "a shard name that is a path");
    }
  });
}
