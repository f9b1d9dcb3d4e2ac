// SPDX-License-Identifier: Apache-2.0
// A small BERT and adapters for it, as files that a test may spoil.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

#include "models/bert/classification.h"
#include "models/hub/peft/write_adapter.h"
#include "tensor/io/json.h"
#include "tensor/io/safetensors.h"
#include "tests/models/small_bert.h"
#include "tests/scratch_folder.h"

namespace thaw {

inline Tensor host_numbers(const Shape& shape, const std::string& name) {
  return Tensor::from_host(Init::normal(0.3).values(shape, 5, name), shape, Device::open("reference"));
}

struct SmallAdapter {
  SmallBert<BertForSequenceClassification> bert;
  ScratchFolder folder;
  std::string directory = folder / "adapter";

  // LoRA on the products whose paths end so.
  ModelChange lora_on(const std::vector<std::string>& ends,
                      const LowRankOptions& options = {.rank = 2, .alpha = 3}) const {
    ModelChange change;
    for (const auto& product : bert.store.products())
      for (const std::string& end : ends)
        if (product->path.ends_with(end)) {
          ModelChange::LowRank low{options,
                                   host_numbers({options.rank, product->in()}, product->path + "a"),
                                   host_numbers({product->out(), options.rank}, product->path + "b"),
                                   {}};
          if (options.magnitudes) low.magnitude = host_numbers({product->out()}, product->path + "m");
          change.products[product->path].low_rank = low;
        }
    return change;
  }
  ModelChange with(ModelChange change, const std::vector<std::string>& names) const {
    for (const std::string& name : names)
      change.tensors[name] = host_numbers(bert.store.find(name).value().shape(), name);
    return change;
  }
  void write(const ModelChange& change, const AdapterFacts& facts = {}) const {
    write_adapter(directory, change, bert.store, facts);
  }

  std::string config_path() const { return directory + "/adapter_config.json"; }
  std::string weights_path() const { return directory + "/adapter_model.safetensors"; }
  Json config() const { return Json::read(config_path()); }
  void set(const std::string& key, const std::string& value) const {
    Json config = Json::read(config_path());
    config.set(key, Json::parse(value, "value"));
    config.write(config_path(), {.indent = 2});
  }
  std::vector<std::string> tensors() const {
    std::vector<std::string> names;
    const SafetensorsFile file(weights_path());
    for (const SafetensorsEntry& entry : file.entries()) names.push_back(entry.name);
    std::ranges::sort(names);
    return names;
  }
  void rewrite(const std::function<void(std::vector<SafetensorsEntry>&)>& change) const {
    std::vector<std::vector<std::byte>> bytes;
    std::vector<SafetensorsEntry> entries;
    {
      const SafetensorsFile file(weights_path());
      for (const SafetensorsEntry& entry : file.entries()) {
        bytes.emplace_back(entry.bytes.begin(), entry.bytes.end());
        entries.push_back(entry);
      }
    }
    for (size_t i = 0; i < entries.size(); ++i) entries[i].bytes = bytes[i];
    change(entries);
    write_safetensors(weights_path(), entries);
  }
};

}  // namespace thaw
