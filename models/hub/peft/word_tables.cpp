// SPDX-License-Identifier: Apache-2.0
// Looks for matrices that peft takes for a table's twin.
#include "models/hub/peft/word_tables.h"

#include "nn/product.h"
#include "tensor/check.h"

namespace thaw {

void check_rows_alone(const ParameterStore& store, const Parameter& table) {
  for (const auto& product : store.products()) {
    const Parameter& matrix = product->weight;
    check(matrix.same(table) || matrix.value().shape() != table.value().shape(),
          "{}: {} is a matrix of its own, but peft puts the trained rows of one into the other", table.name(),
          matrix.name());
  }
}

}  // namespace thaw
