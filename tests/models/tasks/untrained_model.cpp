// SPDX-License-Identifier: Apache-2.0
// New models look new, and one step ends that.
#include "models/tasks/untrained_model.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "autograd/tape.h"
#include "models/fresh_model.h"
#include "models/tasks/task_table.h"
#include "models/text/tokenizer.h"
#include "nn/optim/adamw.h"
#include "tensor/io/tensor_file.h"
#include "tests/file_bytes.h"
#include "tests/models/small_model.h"
#include "tests/models/small_pictures.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

// A directory of a new model of any type, with the tokens that any family needs where it needs them.
std::string write_new(const ScratchFolder& folder, const std::string& type) {
  const std::string words = folder / "words", directory = folder / type;
  for (const std::string& made : {words, directory}) std::filesystem::create_directory(made);
  const FreshSizes sizes{.layers = 1, .hidden_size = 8, .heads = type == "lstm" ? std::nullopt : std::optional(2)};
  const Device device = Device::open("cpu");
  if (!fresh_model_reads_texts(type)) {
    write_fresh_model(directory, type, sizes, device, 1);
    return directory;
  }
  write_small_vocabulary(words, {"<s>", "<pad>", "[UNK]", "</s>", "<mask>"});
  write_bytes(words + "/tokenizer_config.json", R"({"tokenizer_class": "MPNetTokenizer"})");
  write_fresh_model(directory, type, sizes, *load_tokenizer(words), device, 1);
  return directory;
}

// The tensors of a directory, whatever they are of.
std::unique_ptr<ParameterStore> read_store(const std::string& directory) {
  const Device device = Device::open("cpu");
  auto store = std::make_unique<ParameterStore>(device);
  for (const auto& [name, tensor] : read_tensors(directory + "/model.safetensors", device))
    store->parameter(name, tensor.shape(), Init::zeros()).value().copy_from(tensor);
  return store;
}

}  // namespace

TEST_CASE("untrained models: new ones of all families look so, until a bias or a norm has two numbers") {
  const ScratchFolder folder;
  for (const std::string& type : fresh_model_types()) {
    INFO(type);
    const std::unique_ptr<ParameterStore> read = read_store(write_new(folder, type));
    const ParameterStore& store = *read;
    CHECK(looks_untrained(store));
    for (const Parameter& parameter : store.all()) {
      std::vector<float> numbers = parameter.value().to_host<float>();
      const bool is_drawn = std::ranges::adjacent_find(numbers, std::not_equal_to()) != numbers.end();
      if (is_drawn || parameter.value().rank() != 1 || numbers.size() < 2) continue;
      INFO(parameter.name());
      const Tensor before = parameter.value().clone();
      numbers.back() += .5F;
      parameter.value().copy_from(Tensor::from_host(numbers, before.shape(), before.device()));
      CHECK_FALSE(looks_untrained(store));
      parameter.value().copy_from(before);
    }
    CHECK(looks_untrained(store));
  }
  CHECK_FALSE(looks_untrained(ParameterStore(Device::open("cpu"))));
}

TEST_CASE("untrained models: a step of training ends that") {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder / "model");
  write_fresh_model(folder / "model", "vit",
                    {.layers = 1, .hidden_size = 8, .heads = 2, .image_size = 8, .patch_size = 4}, Device::open("cpu"),
                    1);
  folder.write("a.ppm", ppm_bytes(8, 8, 200, 20, 20, 1));
  folder.write("b.ppm", ppm_bytes(8, 8, 20, 20, 200, 2));
  const std::string table = folder.write("t.tsv", "image\tlabel\na.ppm\tred\nb.ppm\tblue\n").string();
  const auto task = make_task("image-classification");
  task->look_at(folder / "model", table);
  const auto model = task->open(folder / "model", {});
  CHECK(looks_untrained(model->store()));
  const auto examples = model->read(table);
  AdamW optimizer(model->store(), {});
  backward(examples->loss(std::vector<int64_t>{0, 1}, 2));
  optimizer.step(1e-3);
  CHECK_FALSE(looks_untrained(model->store()));
  model->save(folder / "saved");
  CHECK_FALSE(looks_untrained(*read_store(folder / "saved")));
}
