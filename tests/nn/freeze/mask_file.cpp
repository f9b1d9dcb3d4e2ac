// SPDX-License-Identifier: Apache-2.0
// Element masks in files: there and back, what is wrong with one, and what a rule does with it.
#include "nn/freeze/mask_file.h"

#include <doctest/doctest.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "autograd/functions.h"
#include "nn/freeze/freeze_mask.h"
#include "nn/freeze/freeze_schedule.h"
#include "nn/init.h"
#include "nn/linear.h"
#include "nn/optim/adamw.h"
#include "nn/optim/sgd.h"
#include "tensor/io/safetensors.h"
#include "tests/error_of.h"
#include "tests/scratch_folder.h"

using namespace thaw;

namespace {

using Elements = std::vector<uint8_t>;

// Its values come from a source, as those of a checkpoint do; the head's do not.
class Given : public TensorSource {
 public:
  explicit Given(float factor = 1) : factor_(factor) {}
  std::optional<Tensor> load(const std::string& name, const Shape& shape, DType dtype, Device device) override {
    if (name.starts_with("head")) return std::nullopt;
    std::vector<float> values;
    for (int64_t i = 0; i < shape.numel(); ++i)
      values.push_back(factor_ * (static_cast<float>(i) + static_cast<float>(name.size())));
    return Tensor::from_host(values, shape, device, dtype);
  }

 private:
  float factor_;
};

struct Model {
  explicit Model(float factor = 1, uint64_t seed = 1)
      : source(factor), store(Device::from_environment(), DType::f32, seed) {
    store.set_source(&source);
    store.parameter("a.weight", {2, 3}, Init::normal(1));
    store.parameter("b.weight", {4}, Init::normal(1));
    store.parameter("head.weight", {2, 2}, Init::normal(1));
  }
  Given source;
  ParameterStore store;
};

const Elements of_a{1, 0, 0, 1, 0, 1}, of_head{0, 1, 1, 0};

MaskFile masks_for(const ParameterStore& store) {
  return {store, {{"a.weight", of_a}, {"head.weight", of_head}}, {{"by", "hand"}}};
}

std::string read_error(const std::filesystem::path& path) {
  return error_of<std::runtime_error>([&] { MaskFile::read(path); });
}

// A file of one tensor.
void write(const std::filesystem::path& path, const std::string& name, const std::string& dtype,
           const std::vector<int64_t>& shape, const Elements& bytes, SafetensorsMetadata metadata = {}) {
  metadata.emplace("format", "thaw element masks");
  write_safetensors(path.string(), {{name, dtype, shape, std::as_bytes(std::span(bytes))}}, metadata);
}

std::string fit_error(const std::filesystem::path& path, const ParameterStore& store) {
  return error_of([&] { MaskFile::read(path).check_fits(store); });
}

}  // namespace

TEST_CASE("mask file: there and back") {
  const ScratchFolder dir;
  const Model model;
  const auto path = dir / "mask.safetensors";
  masks_for(model.store).write(path);
  const MaskFile read = MaskFile::read(path);
  REQUIRE(read.masks().size() == 2);
  REQUIRE(read.find("a.weight"));
  CHECK(read.find("a.weight")->shape == Shape{2, 3});
  CHECK(read.find("a.weight")->elements == of_a);
  CHECK(read.find("a.weight")->ones() == 3);
  CHECK(read.find("a.weight")->base);
  CHECK_FALSE(read.find("head.weight")->base);  // its values are random
  CHECK_FALSE(read.find("b.weight"));
  CHECK(read.ones() == 5);
  CHECK(read.made() == SafetensorsMetadata{{"by", "hand"}});
  read.check_fits(model.store);
  read.check_fits(Model(1, 2).store);  // the head has other random numbers
}

TEST_CASE("mask file: what is wrong with one is told in a line with its path and tensor") {
  const ScratchFolder dir;
  const Model model;
  const auto path = dir / "m.safetensors";
  const std::string at = path + ": ";
  write(path, "a.weight", "U8", {2, 3}, {1, 0, 0, 2, 0, 1});
  CHECK(read_error(path) == at + "a.weight holds 2 at place 3: expected 0 or 1");
  write(path, "a.weight", "I8", {2, 3}, of_a);
  CHECK(read_error(path) == at + "a.weight is I8, expected U8");
  write(path, "a.weight", "U8", {1, 1, 1, 1, 1, 1, 6}, of_a);
  CHECK(read_error(path) == at + "a.weight has 7 axes: no parameter has more than 6");
  write(path, "a.weight", "U8", {2, 3}, of_a, {{"crc32c of b.weight", "12345678"}});
  CHECK(read_error(path) ==
        at + "metadata \"crc32c of b.weight\": \"12345678\": expected the checksum of a tensor of the file");
  write(path, "a.weight", "U8", {2, 3}, of_a, {{"crc32c of a.weight", "x"}});
  CHECK(read_error(path) ==
        at + "metadata \"crc32c of a.weight\": \"x\": expected the checksum of a tensor of the file");
  write(path, "a.weight", "U8", {2, 3}, of_a, {{"format", "pt"}});
  CHECK(read_error(path) == at + "no file of element masks: its metadata lacks \"format\": \"thaw element masks\"");
  write_safetensors(path, {}, {{"format", "thaw element masks"}});
  CHECK(read_error(path) == at + "it has no masks");
  CHECK(read_error(dir / "none.safetensors").find("none.safetensors") != std::string::npos);

  write(path, "c.weight", "U8", {2, 3}, of_a);
  CHECK(fit_error(path, model.store) == at + "the model has no parameter c.weight");
  write(path, "a.weight", "U8", {3, 2}, of_a);
  CHECK(fit_error(path, model.store) == at + "the mask of a.weight is [3, 2], the parameter [2, 3]");
  masks_for(model.store).write(path);
  CHECK(fit_error(path, Model(2).store) == at + "made for another model: a.weight has other values there");

  CHECK(error_of([&] {
          MaskFile(model.store, {{"a.weight", {1, 0}}}, {});
        }) == "a mask of 2 numbers for a.weight [2, 3]");
  CHECK(error_of([&] { MaskFile(model.store, {{"c", {1}}}, {}); }) == "a mask of c: there is no such parameter");
}

TEST_CASE("mask file: what a schedule masks later may have been trained before") {
  const ScratchFolder dir;
  const std::string path = dir / "mask.safetensors";
  Model model;
  ParameterStore& store = model.store;
  MaskFile(store, {{"a.weight", of_a}}, {}).write(path);
  const FreezeSchedule schedule = FreezeSchedule::parse("from step 1\ntrain * mask " + path, "rules");
  const std::vector<FreezeStage> stages = schedule.stages(store);
  store.find("a.weight").value().fill_(7);
  stages[1].apply(store);
  CHECK(store.find("a.weight").trained_elements() == of_a);
  // Of a model that has other values from the start, it is refused before the first step.
  CHECK(error_of<std::runtime_error>([&] {
          FreezeSchedule::parse("from step 1\ntrain * mask " + path, "rules").stages(store);
        }).find("made for another model") != std::string::npos);
}

TEST_CASE("mask file: one mask for several models is held against each") {
  const ScratchFolder dir;
  const std::string path = dir / "mask.safetensors";
  Model model, other(2);
  MaskFile(model.store, {{"a.weight", of_a}}, {}).write(path);
  const FreezeMask mask = FreezeMask::all_frozen().train_elements("a.*", path);
  mask.apply(model.store);
  CHECK(error_of<std::runtime_error>([&] { mask.apply(other.store); }).find("made for another model") !=
        std::string::npos);
  model.store.find("a.weight").value().fill_(3);
  model.store.find("a.weight").set_element_mask({});
  mask.apply(model.store);  // it was held against that one before
}

TEST_CASE("mask file: adapters that a rule puts on may have masks") {
  const ScratchFolder dir;
  const std::string path = dir / "mask.safetensors";
  const auto make = [] {
    auto store = std::make_unique<ParameterStore>(Device::from_environment());
    const Linear linear(Scope(*store) / "query", 3, 2);
    return store;
  };
  const FreezeMask adapted = FreezeMask().lora("*query", {.rank = 1});
  const auto first = make(), second = make();
  adapted.apply(*first);
  MaskFile(*first, {{"query.lora_A.weight", {1, 0, 1}}}, {}).write(path);
  FreezeMask mask = adapted;
  mask.train_elements("*lora_A*", path).apply(*second);
  CHECK(second->find("query.lora_A.weight").trained_elements() == Elements{1, 0, 1});
  CHECK(second->find("query.weight").frozen());
}

TEST_CASE("mask file: a rule trains what its masks say, and nothing else moves, under weight decay and momentum") {
  const ScratchFolder dir;
  const std::string path = dir / "mask.safetensors";
  for (const bool adamw : {true, false}) {
    Model model;
    ParameterStore& store = model.store;
    MaskFile(store, {{"a.weight", of_a}}, {}).write(path);
    const std::string rules = "freeze *\ntrain head.*\ntrain * mask " + path + "\n";
    const FreezeMask mask = FreezeMask::parse(rules, "rules");
    CHECK(mask.to_text() == rules);
    const FreezeReport report = mask.apply(store);
    CHECK(report.trained == 3 + 4);
    CHECK(report.frozen == 3 + 4);
    CHECK(report.gradient_bytes == (6 + 4) * 4);  // a mask saves nothing
    CHECK(report.rules.at(2).tensors == 1);
    CHECK(report.notes ==
          std::vector<std::string>{"\"train * mask " + path +
                                   "\": 3 of 6 numbers are trained; a mask saves neither time nor memory"});
    const auto values = [&](const char* name) { return store.find(name).value().to_host<float>(); };
    const std::vector<float> a = values("a.weight"), b = values("b.weight"), head = values("head.weight");
    const std::unique_ptr<Optimizer> optimizer =
        adamw ? std::unique_ptr<Optimizer>(std::make_unique<AdamW>(store, AdamWOptions{.weight_decay = 0.5}))
              : std::make_unique<Sgd>(store, SgdOptions{.momentum = 0.9, .weight_decay = 0.5});
    for (int step = 0; step < 3; ++step) {
      optimizer->clear_gradients();
      backward(add(sum_all(square(affine(store.find("a.weight").variable(), 1, 0.25))),
                   sum_all(square(affine(store.find("head.weight").variable(), 1, 0.25)))));
      optimizer->step(0.1);
      mask.apply(store);  // again, of values that have moved since: the masks are there already
    }
    const std::vector<float> now = values("a.weight"), head_now = values("head.weight");
    for (size_t i = 0; i < a.size(); ++i) CHECK((now[i] == a[i]) == (of_a[i] == 0));
    for (size_t i = 0; i < head.size(); ++i) CHECK(head_now[i] != head[i]);
    CHECK(values("b.weight") == b);

    // Without the rule the mask is gone; then its file is of another model.
    CHECK(FreezeMask::all_trained().apply(store).trained == 6 + 4 + 4);
    CHECK(store.find("a.weight").trained_elements().empty());
    CHECK(error_of<std::runtime_error>([&] { FreezeMask::parse(rules, "rules").apply(store); }) ==
          "rules:3: " + path + ": made for another model: a.weight has other values there");
  }
  Model model;
  CHECK(error_of([&] { FreezeMask::all_frozen().train_elements("b.*", path).apply(model.store); }) ==
        "\"train b.* mask " + path + "\": the file has no mask of a parameter that matches");
  CHECK(error_of<std::runtime_error>([&] {
          FreezeMask::parse("train * mask none.safetensors", "rules").apply(model.store);
        }).starts_with("rules:1: none.safetensors"));
}
