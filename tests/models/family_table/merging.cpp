// SPDX-License-Identifier: Apache-2.0
// What changed of a model of every family and task is merged into its base, and adapters are taken out again.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "models/hub/base_model.h"
#include "models/hub/config.h"
#include "models/tasks/merged_model.h"
#include "models/tasks/unmerged_model.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/models/family_table/family_row.h"

using namespace thaw;

namespace {

struct WayToTune {
  const char* rules;
  bool as_peft;
  bool undoable;  // can be taken out of the weights that it is in
};
constexpr WayToTune ways[] = {{"lora r=2", true, true},
                              {"lora r=2 dora", true, false},
                              {"ia3", true, true},
                              {"freeze *\ntrain {*LayerNorm*,*layernorm*,*layer_norm*,*ln_*}", false, false}};

void check_near(const std::vector<float>& values, const std::vector<float>& expected) {
  REQUIRE(values.size() == expected.size());
  double apart = 0, most = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    apart = std::max(apart, std::abs(static_cast<double>(values[i]) - expected[i]));
    most = std::max(most, std::abs(static_cast<double>(expected[i])));
  }
  CHECK(most > 0);
  CHECK(apart <= 1e-4 * most);
}

}  // namespace

TEST_CASE("every family: a change is merged into its base, of whose architecture the model is, and taken out again") {
  for (const FamilyRow& row : family_rows()) {
    if (row.task == "frozen") continue;  // has no other form than a change
    for (const WayToTune& way : ways) {
      INFO(name_of(row) << ", " << way.rules);
      const SmallFamily small(row);
      const std::string base = small.folder / "base", change = small.folder / "change",
                        merged = small.folder / "merged";
      OpenedFamily(small).model->save(base);
      const OpenedFamily tuned(small, base);
      FreezeMask::parse(way.rules, "rules").apply(tuned.store());
      tuned.train(3);
      tuned.model->save(change, {.base = BaseModel{base, weights_hash(base)}, .as_peft = way.as_peft});

      const Device device = Device::from_environment();
      merge_model(change, merged, device);
      CHECK(read_config_json(merged).get_strings("architectures") ==
            read_config_json(base).get_strings("architectures"));
      const OpenedFamily again(small, merged);
      CHECK(again.model->report().initialised.empty());
      check_near(again.outputs(), tuned.outputs());
      if (way.undoable) CHECK(unmerge_model(merged, change, small.folder / "unmerged", device).base == base);
    }
  }
}
