// SPDX-License-Identifier: Apache-2.0
// Devices that hold f32 alone load and save 16-bit and double checkpoints; a model is saved one tensor after the other.
#include <doctest/doctest.h>

#include <filesystem>

#include "models/bert/classification.h"
#include "models/hub/pretrained.h"
#include "tests/file_bytes.h"
#include "tests/models/small_bert.h"
#include "tests/models/small_model.h"
#include "tests/ops/default_bodies.h"
#include "tests/scratch_folder.h"

namespace thaw {

namespace {

// The reference device without types that a small GPU lacks; counts what lies in a directory when tensors are fetched.
class PoorDevice : public ops::DefaultBodies {
 public:
  PoorDevice() : DefaultBodies(Device::open("reference").backend()) {}
  bool supports(DType dtype) const override { return dtype == DType::f32 || dtype == DType::i32 || dtype == DType::u8; }
  void download(const Block& from, size_t byte_offset, void* to, size_t bytes) override {
    if (!watched.empty()) {
      ++downloads;
      if (std::filesystem::is_empty(watched)) ++before_any_file;
    }
    DefaultBodies::download(from, byte_offset, to, bytes);
  }

  std::string watched;  // a directory; empty: nothing is counted
  int downloads = 0, before_any_file = 0;
};

std::vector<std::vector<float>> values_of(const ParameterStore& store) {
  std::vector<std::vector<float>> values;
  for (const Parameter& p : store.all()) values.push_back(p.value().to_host<float>());
  return values;
}

}  // namespace

TEST_CASE("poor devices: types that a device lacks are converted on the host") {
  const ScratchFolder folder;
  const std::string whole = folder / "whole";
  write_small_model<BertForSequenceClassification>(whole, small_bert_config());
  Pretrained<BertForSequenceClassification> bert(whole, Device::open("reference"));
  PoorDevice poor;
  for (const DType dtype : {DType::f16, DType::bf16, DType::f64}) {
    INFO(name_of(dtype));
    const std::string rich_saved = folder / "rich", poor_saved = folder / "poor";
    SaveOptions options;
    options.dtype = dtype;
    bert.save(rich_saved, nullptr, options);
    Pretrained<BertForSequenceClassification> rich_again(rich_saved, Device::open("reference"));
    Pretrained<BertForSequenceClassification> poor_again(rich_saved, Device(poor));
    CHECK(values_of(poor_again.store()) == values_of(rich_again.store()));
    poor_again.save(poor_saved, nullptr, options);
    CHECK(read_bytes(poor_saved + "/model.safetensors") == read_bytes(rich_saved + "/model.safetensors"));
  }
}

TEST_CASE("saving: a tensor comes to the host when its turn to be written is, not before") {
  const ScratchFolder folder;
  const std::string whole = folder / "whole", saved = folder / "saved";
  write_small_model<BertForSequenceClassification>(whole, small_bert_config());
  PoorDevice device;
  const Pretrained<BertForSequenceClassification> bert(whole, Device(device));
  device.watched = saved;
  bert.save(saved);
  CHECK(device.downloads == static_cast<int>(bert.report().loaded.size()));
  CHECK(device.before_any_file == 0);
  device.watched.clear();
  CHECK(read_bytes(saved + "/model.safetensors") == read_bytes(whole + "/model.safetensors"));
}

}  // namespace thaw
