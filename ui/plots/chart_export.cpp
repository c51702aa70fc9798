// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/plots/chart_export.h"

#include <QApplication>
#include <QClipboard>
#include <QCoreApplication>
#include <QFileDialog>
#include <QFileInfo>
#include <QImage>
#include <QMenu>
#include <QMessageBox>
#include <QPdfWriter>
#include <QSaveFile>
#include <QSvgGenerator>
#include <QWidget>

#include "ui/plots/chart_table.h"

namespace weft::ui {
namespace {

constexpr qreal kImageScale = 2;

struct Words {
  Q_DECLARE_TR_FUNCTIONS(chart)
};

QImage image(ExportableChart& chart) {
  const QSize size = chart.chartWidget()->size();
  QImage picture(size * kImageScale, QImage::Format_ARGB32_Premultiplied);
  picture.setDevicePixelRatio(kImageScale);
  picture.fill(chart.chartWidget()->palette().color(QPalette::Base));
  chart.paintChart(picture, size);
  return picture;
}

void askAndSave(ExportableChart& chart, const QString& ending) {
  const QString path = QFileDialog::getSaveFileName(chart.chartWidget(), Words::tr("Save chart"),
                                                    chart.chartName() + QLatin1Char('.') + ending, QStringLiteral("*.") + ending);
  if (!path.isEmpty() && !saveChart(chart, path))
    QMessageBox::warning(chart.chartWidget(), Words::tr("Save chart"), Words::tr("%1 could not be written; choose another folder.").arg(path));
}

}  // namespace

bool saveChart(ExportableChart& chart, const QString& path) {
  const QSize size = chart.chartWidget()->size();
  if (path.endsWith(QLatin1String(".svg"))) {
    QSvgGenerator svg;
    svg.setFileName(path);
    svg.setSize(size);
    svg.setViewBox(QRect(QPoint(), size));
    svg.setTitle(chart.chartName());
    chart.paintChart(svg, size);
    return QFileInfo(path).size() > 0;
  }
  if (path.endsWith(QLatin1String(".pdf"))) {
    QPdfWriter pdf(path);
    pdf.setResolution(96);
    pdf.setPageSize(QPageSize(QSizeF(size) * 72.0 / 96.0, QPageSize::Point));
    pdf.setPageMargins({});
    chart.paintChart(pdf, size);
    return QFileInfo(path).size() > 0;
  }
  QSaveFile file(path);
  if (!file.open(QIODevice::WriteOnly)) return false;
  if (path.endsWith(QLatin1String(".csv"))) {
    file.write(chart.csv().toUtf8());
  } else if (!image(chart).save(&file, "PNG")) {
    return false;
  }
  return file.commit();
}

void showChartMenu(ExportableChart& chart, const QPoint& globalPosition) {
  QMenu menu(chart.chartWidget());
  menu.addAction(Words::tr("Show as table"), [&] { showChartTable(chart); });
  menu.addSeparator();
  menu.addAction(Words::tr("Copy picture"), [&] { QApplication::clipboard()->setImage(image(chart)); });
  menu.addAction(Words::tr("Copy numbers"), [&] { QApplication::clipboard()->setText(chart.csv()); });
  menu.addSeparator();
  for (const char* ending : {"png", "svg", "pdf", "csv"})
    menu.addAction(Words::tr("Save as %1…").arg(QString::fromLatin1(ending).toUpper()), [&chart, ending] { askAndSave(chart, QLatin1String(ending)); });
  chart.addActions(menu);
  menu.exec(globalPosition);
}

}  // namespace weft::ui
