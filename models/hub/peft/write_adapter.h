// SPDX-License-Identifier: Apache-2.0
// A change as peft saves adapters, which peft and thaw read again.
#pragma once

#include <string>

#include "nn/change/model_change.h"

namespace thaw {

struct AdapterFacts {
  std::string base_model = {};  // where the base lies: "base_model_name_or_path"; empty: not told
  std::string base_hash = {};   // of its weights; empty: not told. peft passes it over
  std::string task_type = {};   // "SEQ_CLS", "TOKEN_CLS", "QUESTION_ANS", "SEQ_2_SEQ_LM", ...; empty: none
};

// Writes adapter_config.json and adapter_model.safetensors into the directory, made if need be, each whole or not at
// all. The store holds the base, with or without the change on it: where peft stores more than is changed (a whole
// module of which one tensor is trained, the head of a task), the rest is the base's.
// std::invalid_argument that names product or tensor if peft has no words for it: bottlenecks, LoRA beside IA3, a
// prompt or a prefix, prefixes that differ in length, more than one dropout, trained tensors of a product that bears an
// adapter or that are tied.
// std::runtime_error that names the file when it cannot be written.
void write_adapter(const std::string& directory, const ModelChange& change, const ParameterStore& store,
                   const AdapterFacts& facts = {});

// The same invalid_argument without writing anything.
void check_adapter(const ModelChange& change, const ParameterStore& store, const AdapterFacts& facts = {});

}  // namespace thaw
