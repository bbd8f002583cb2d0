"""The outside formats: the Excel file of employees (openpyxl) and the card as PDF (ReportLab)."""
