// SPDX-License-Identifier: Apache-2.0
// A change on a model, which can be taken off and put on again.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nn/attention_prefix.h"
#include "nn/change/model_change.h"
#include "nn/change/product_adapters.h"
#include "nn/soft_prompt.h"

namespace thaw {

class AppliedChange {
 public:
  // Puts it on the model of the store, which is then the changed one until take_off(): adapters become parameters of
  // the store, the others get new numbers. What was there of those is kept: copies of what is replaced, no more.
  // What is replaced is known as changed until then (Parameter::changed), so that it is saved with what is trained.
  // std::invalid_argument, and nothing is changed, if it does not fit (check_fits), or a product has an adapter of the
  // same kind, or a place a prompt or a prefix.
  AppliedChange(ParameterStore& store, const ModelChange& change);
  AppliedChange(AppliedChange&&) = default;
  AppliedChange(const AppliedChange&) = delete;

  // The base is what it was, bit by bit, whatever was trained meanwhile.
  void take_off();
  // On again, as it was when it was taken off, with what it learnt. It costs copies of what is replaced; adapters are
  // not copied.
  void put_on();
  bool is_on() const { return on_; }

  // The adapters' parameters and the replaced ones: of the store while it is on.
  std::vector<Parameter> parameters() const;

 private:
  struct Replaced {
    Parameter parameter;
    std::vector<int64_t> rows;   // none: it is the whole of it
    Tensor other;                // what is not in the model: the base's numbers while the change is on
    Parameter::Changed changed;  // of it
  };
  struct Prompt {
    std::shared_ptr<SoftPrompt> place;
    Parameter rows;
    void put_on(ParameterStore& store) const;
    void take_off(ParameterStore& store) const;
  };
  struct Prefix {
    std::shared_ptr<AttentionPrefix> place;
    Parameter keys, values;
    void put_on(ParameterStore& store) const;
    void take_off(ParameterStore& store) const;
  };
  void take_off_adapters() const;
  std::vector<Parameter> adapter_parameters() const;
  void exchange(Replaced& replaced) const;
  void put_adapters_on(const std::shared_ptr<Product>& product, const ModelChange::Adapters& adapters);

  ParameterStore* store_;
  bool on_ = false;
  std::vector<ProductAdapters> adapters_;
  std::vector<Prompt> prompts_;
  std::vector<Prefix> prefixes_;
  std::vector<Replaced> replaced_;
};

}  // namespace thaw
