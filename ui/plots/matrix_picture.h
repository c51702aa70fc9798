// SPDX-License-Identifier: GPL-3.0-or-later
// A matrix as signed colours, its name, shape and norm above it: blue below zero, red above. Main thread only.
#pragma once

#include <QImage>
#include <QWidget>

#include "engine/api/close_up.h"
#include "ui/plots/chart_export.h"
#include "ui/theme/theme.h"

namespace weft::ui {

class MatrixView final : public QWidget, public ExportableChart {
  Q_OBJECT
 public:
  MatrixView(Theme& theme, QWidget* parent);
  // figures: the line below it; empty: its norm and its largest entry.
  void setPicture(MatrixPicture picture, const QString& figures = {});
  [[nodiscard]] const MatrixPicture& picture() const { return m_picture; }

  [[nodiscard]] QWidget* chartWidget() override { return this; }
  void paintChart(QPaintDevice& device, const QSize& size) override;
  [[nodiscard]] QString csv() const override;
  [[nodiscard]] QString chartName() const override;
  [[nodiscard]] QString contents() const override;
  [[nodiscard]] QSize minimumSizeHint() const override { return {104, 150}; }

 protected:
  void paintEvent(QPaintEvent* event) override;
  bool event(QEvent* event) override;

 private:
  [[nodiscard]] QRectF cellsOf(const QSize& size) const;
  void paintOn(QPainter& painter, const QSize& size) const;
  void paintScale(QPainter& painter, const QRectF& row) const;
  Theme& m_theme;
  MatrixPicture m_picture;
  QString m_figures;
  bool m_scaled = false;           // its colours are numbers, so their scale stands below it
  QImage m_image;                  // a pixel a cell
};

}  // namespace weft::ui
