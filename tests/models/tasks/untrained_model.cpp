// SPDX-License-Identifier: Apache-2.0
// New models look new, and one step ends that.
#include "models/tasks/untrained_model.h"

#include <doctest/doctest.h>

#include <string>

#include "models/fresh_model.h"
#include "models/tasks/task_table.h"
#include "nn/freeze/freeze_mask.h"
#include "tests/scratch_folder.h"

using namespace thaw;

TEST_CASE("untrained models: no vector of a new one has two numbers") {
  const ScratchFolder folder;
  write_fresh_model(folder.path().string(), "vit",
                    {.layers = 1, .hidden_size = 8, .heads = 2, .image_size = 8, .patch_size = 4}, Device::open("cpu"),
                    1);
  const auto model = make_task("image-classification")->open(folder.path().string(), {.trained = true});
  ParameterStore& store = model->store();
  CHECK(looks_untrained(store));
  const Tensor bias = store.find("classifier.bias").value();
  REQUIRE(bias.numel() == 2);
  bias.copy_from(Tensor::from_host(std::vector<float>{.5F, .25F}, {2}, store.device()));
  CHECK_FALSE(looks_untrained(store));
  CHECK_FALSE(looks_untrained(ParameterStore(store.device())));
}
