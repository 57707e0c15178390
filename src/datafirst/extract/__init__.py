"""GETTING THEM: how does a source table become a snapshot in S3?"""
