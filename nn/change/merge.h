// SPDX-License-Identifier: Apache-2.0
// Adapters written into the weights that they are on, and out of them again.
#pragma once

#include <string>
#include <vector>

#include "nn/change/product_adapters.h"

namespace thaw {

class MergedAdapters {
 public:
  enum class Originals {
    forgotten,  // weights come back by the formula: rounded
    kept,       // in memory, as large as the weights: they come back bit by bit
  };
  // A weight that another module has, too, and that is another one with the adapter; and the bias beside it, which is
  // the module's own.
  struct Untied {
    std::string name;     // what it is called alone: "lm_head.weight"
    std::string tied_to;  // "shared.weight"; empty: a bias
    Tensor value;         // merged
  };

  // W + s B A for W, its rows brought to their magnitudes; rows, or columns, of W times the factors, the bias with the
  // rows. The adapters are taken off: the model computes the same without them. Only an adapter on a tied weight stays
  // on its product, as the weight is the other module's, too; what is to be written of such a model is in untied().
  // std::invalid_argument, and nothing is changed, if a product has a bottleneck, or a text a prompt or a prefix, which
  // are no part of a weight; and of a weight that is compressed.
  explicit MergedAdapters(ParameterStore& store, Originals originals = Originals::forgotten);

  // To be written beside, or instead of, the store's parameters, with tie_word_embeddings false.
  const std::vector<Untied>& untied() const { return untied_; }

  // The base and the adapters on it again, and what of the base was known as changed. Once. Without originals
  // std::invalid_argument, and nothing is changed, of DoRA, and of factors of which one is 0.
  void unmerge();

 private:
  struct Merged {
    ProductAdapters adapters;
    Tensor weight, bias;                              // before; undefined if they are forgotten, or it has none
    Parameter::Changed weight_changed, bias_changed;  // before
  };
  ParameterStore& store_;
  Originals originals_;
  std::vector<Merged> merged_;
  std::vector<Untied> untied_;
};

}  // namespace thaw
