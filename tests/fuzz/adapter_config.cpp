// SPDX-License-Identifier: Apache-2.0
// Fuzz target: adapter_config.json of peft, and which modules it is about.
#include "models/hub/peft/adapter_config.h"

#include "models/hub/peft/module_matching.h"
#include "tests/fuzz/outcome.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  return thaw::fuzz::run(data, size, [](std::string_view text) {
    const thaw::AdapterConfig config = thaw::AdapterConfig::from_json(thaw::Json::parse(text, "file"));
    const thaw::ModuleMatching matching(config, "file");
    for (const char* module : {"bert.encoder.layer.10.attention.self.query", "lm_head",
                               "decoder.block.3.layer.1.EncDecAttention.v", "a.1.b.2.c"}) {
      (void)matching.targets(module);
      (void)matching.saves(module);
      (void)matching.scales_input(module);
      thaw::fuzz::require(matching.rank(module) > 0 && matching.alpha(module) > 0, "an adapter of no size");
    }
  });
}
